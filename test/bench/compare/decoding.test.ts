import { describe, expect, it } from 'vitest'
import { chunksOf } from '../../../bench/compare/decoding.js'
import { Decoder } from '../../../src/protocol/decoder.js'
import { bufferMode, type Reply, textMode } from '../../../src/protocol/types.js'

function decode(chunks: readonly Buffer[], mode = textMode): Reply[] {
  const replies: Reply[] = []
  const onReply = (reply: Reply): void => {
    replies.push(reply)
  }
  const decoder = new Decoder({ modeOfNext: () => mode, onReply, onPush: onReply })
  for (const chunk of chunks) decoder.decode(chunk)
  return replies
}

describe('the bytes of a large reply', () => {
  it('are one bulk', () => {
    expect(decode(chunksOf('bulk', 3), bufferMode).map((reply) => (reply as Buffer).length)).toEqual([3 * 2 ** 20])
  })

  it('are one array of equal strings, more of them than fit the bytes that repeat', () => {
    const [reply, ...others] = decode(chunksOf('array', 9))
    expect(others).toEqual([])
    expect(reply).toHaveLength(Math.floor((9 * 2 ** 20) / 1_040))
    expect(new Set(reply as string[])).toEqual(new Set(['x'.repeat(1_031)]))
  })

  it('come in chunks of 64 kB, whose edges cut elements at changing places', () => {
    const chunks = chunksOf('array', 9).slice(1, -1)
    expect(chunks.every(({ length }) => length === 64 * 1024)).toBe(true)
    expect(new Set(chunks.slice(0, 65).map((chunk) => chunk.indexOf('$'))).size).toBeGreaterThan(50)
  })
})
