import { describe, expect, test } from 'vitest'
import { textMode } from '../../src/protocol/types.js'
import { server } from './builder.js'
import { collector, inChunks } from './collect.js'

const mebibyte = 2 ** 20
const chunkBytes = 64 * 1024

describe('large replies', () => {
  const element = server.bulk('x'.repeat(25))
  test.each([
    ['one bulk of 50 MB', 50, (bytes: number) => server.bulk(Buffer.alloc(bytes, 'x'))],
    [
      'an array of 16 MB of small strings',
      16,
      (bytes: number) => {
        const count = bytes / element.length
        return server.stream(server.raw(`*${count}\r\n`), Buffer.alloc(bytes, element))
      },
    ],
  ])(
    '%s: twice the size takes about twice the time',
    (_, megabytes, build) => {
      const small = inChunks(build(megabytes * mebibyte), chunkBytes)
      const large = inChunks(build(2 * megabytes * mebibyte), chunkBytes)
      const smallMs: number[] = []
      const largeMs: number[] = []
      for (let run = 0; run < 7; run++) {
        smallMs.push(timeToDecode(small))
        largeMs.push(timeToDecode(large))
      }
      // The best of seven, plus 20 ms for a garbage collection at the wrong moment.
      expect(Math.min(...largeMs)).toBeLessThan(3 * Math.min(...smallMs) + 20)
    },
    60_000,
  )
})

/** Milliseconds of this thread on a processor, because other tests run at the same time. */
function timeToDecode(chunks: readonly Buffer[]): number {
  const { decoder, events } = collector(textMode)
  const before = process.threadCpuUsage()
  for (const chunk of chunks) decoder.decode(chunk)
  const { user, system } = process.threadCpuUsage(before)
  expect(events).toHaveLength(1)
  return (user + system) / 1_000
}
