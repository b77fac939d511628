import { describe, expect, it } from 'vitest'
import { BULK_ERROR, BULK_STRING, VERBATIM_STRING } from '../../src/protocol/bytes.js'
import { parsePayload } from '../../src/protocol/payload.js'
import { decodeText } from '../../src/protocol/text.js'
import { ErrorReply, type Reply } from '../../src/protocol/types.js'

interface Form {
  readonly asBuffer?: boolean
  readonly isOwn?: boolean
}

function decoded(type: number, bytes: Buffer, { asBuffer = false, isOwn = false }: Form = {}): Reply | undefined {
  return parsePayload(type, bytes, 0, bytes.length, asBuffer, isOwn, decodeText)
}

describe('The value of a payload', () => {
  it('is text, decoded as UTF-8', () => {
    expect(decoded(BULK_STRING, Buffer.from('né'))).toBe('né')
    expect(decoded(BULK_STRING, Buffer.of(0xff))).toBe('\ufffd')
  })

  it('is a Buffer if that was asked for: a copy, unless the bytes may be kept', () => {
    const bytes = Buffer.from('abc')
    const copy = decoded(BULK_STRING, bytes, { asBuffer: true }) as Buffer
    const view = decoded(BULK_STRING, bytes, { asBuffer: true, isOwn: true }) as Buffer
    bytes.fill('x')
    expect(String(copy)).toBe('abc')
    expect(String(view)).toBe('xxx')
  })

  it('of a verbatim string is what follows its format', () => {
    expect(decoded(VERBATIM_STRING, Buffer.from('txt:abc'))).toBe('abc')
    expect(decoded(VERBATIM_STRING, Buffer.from('mkd:'))).toBe('')
    expect(decoded(VERBATIM_STRING, Buffer.from('txt:abc'), { asBuffer: true })).toEqual(Buffer.from('abc'))
  })

  it.each(['', 'txt', 'abcde'])('of a verbatim string is not valid without a format: "%s"', (text) => {
    expect(decoded(VERBATIM_STRING, Buffer.from(text))).toBeUndefined()
  })

  it('of an error is an ErrorReply, even if Buffers were asked for', () => {
    const error = decoded(BULK_ERROR, Buffer.from('ERR no'), { asBuffer: true })
    expect(error).toBeInstanceOf(ErrorReply)
    expect(error).toMatchObject({ message: 'ERR no' })
  })
})
