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
  it('are one bulk string', () => {
    expect(decode(chunksOf('bulk', 3), bufferMode).map((reply) => (reply as Buffer).length)).toEqual([3 * 2 ** 20])
  })

  it('are one array of equal arrays, longer than the bytes that repeat', () => {
    const [reply, ...others] = decode(chunksOf('array', 9)) as number[][][]
    expect(others).toEqual([])
    expect(reply).toHaveLength(Math.floor((9 * 2 ** 20) / 12_928))
    expect(new Set(reply?.map(({ length }) => length))).toEqual(new Set([994]))
    expect(new Set(reply?.flat())).toEqual(new Set([1_234_567_890]))
  })

  it('come in chunks of 64 kB that split elements in different places', () => {
    const chunks = chunksOf('array', 9).slice(1, -1)
    expect(chunks.every(({ length }) => length === 64 * 1024)).toBe(true)
    expect(new Set(chunks.map((chunk) => chunk.indexOf('*'))).size).toBe(101)
  })
})
