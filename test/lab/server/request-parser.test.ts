import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RequestError, RequestParser } from '../../../lab/server/request-parser.js'

const frame = (args: readonly Uint8Array[]): Buffer =>
  Buffer.concat([
    Buffer.from(`*${args.length}\r\n`),
    ...args.flatMap((arg) => [Buffer.from(`$${arg.length}\r\n`), arg, Buffer.from('\r\n')]),
  ])

const inParts = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((start, i) => bytes.subarray(start, at[i] ?? bytes.length))
}

const parse = (...chunks: readonly (Buffer | string)[]): string[][] => {
  const parser = new RequestParser()
  return chunks.flatMap((chunk) => parser.push(Buffer.from(chunk))).map((args) => args.map(String))
}

describe('the parser of client frames', () => {
  it('gives the same requests however the bytes are split', () => {
    const requests = fc.array(fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 5 }), {
      maxLength: 5,
    })
    fc.assert(
      fc.property(requests, fc.array(fc.nat(), { maxLength: 10 }), (expected, cuts) => {
        const parser = new RequestParser()
        const found = inParts(Buffer.concat(expected.map(frame)), cuts).flatMap((part) => parser.push(part))
        expect(found.map((args) => args.map((arg) => arg.toString('hex')))).toEqual(
          expected.map((args) => args.map((arg) => Buffer.from(arg).toString('hex'))),
        )
      }),
    )
  })

  it('gives the same requests byte by byte', () => {
    const bytes = Buffer.from('*2\r\n$3\r\nGET\r\n$1\r\nk\r\nPING\r\n*1\r\n$0\r\n\r\n')
    expect(parse(...Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual([['GET', 'k'], ['PING'], ['']])
  })

  it('copies bytes that the caller reuses', () => {
    const parser = new RequestParser()
    const chunk = Buffer.from('*1\r\n$4\r\nPI')
    parser.push(chunk)
    chunk.fill(0)
    expect(parser.push(Buffer.from('NG\r\n')).map((args) => args.map(String))).toEqual([['PING']])
  })

  it('reads inline commands, and ignores empty lines and empty arrays', () => {
    expect(parse('\r\n*0\r\n*-1\r\n  SET  k v\r\nPING\n')).toEqual([['SET', 'k', 'v'], ['PING']])
  })

  it('does not scan a large argument again with each chunk', () => {
    const argument = Buffer.alloc(32_000_000, 97)
    const bytes = frame([Buffer.from('ECHO'), argument])
    const parser = new RequestParser()
    const found: Buffer[][] = []
    const started = performance.now()
    // 8,000 chunks: concatenating with each of them would copy 128 GB.
    for (let i = 0; i < bytes.length; i += 4_000) found.push(...parser.push(bytes.subarray(i, i + 4_000)))
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(found[0]?.[1]?.equals(argument)).toBe(true)
  })

  it.each([
    ['*x\r\n', 'ERR Protocol error: invalid multibulk length'],
    ['*1048577\r\n', 'ERR Protocol error: invalid multibulk length'],
    ['*1\r\n:1\r\n', "ERR Protocol error: expected '$', got ':'"],
    ['*1\r\n$-1\r\n', 'ERR Protocol error: invalid bulk length'],
    ['*1\r\n$536870913\r\n', 'ERR Protocol error: invalid bulk length'],
    ['x'.repeat(65_537), 'ERR Protocol error: too big inline request'],
  ])('refuses %j', (bytes, message) => {
    expect(() => parse(bytes)).toThrow(new RequestError(message))
  })

  it('returns the requests before invalid bytes', () => {
    const requests: string[][] = []
    const parser = new RequestParser()
    expect(() => parser.feed(Buffer.from('PING\r\n*1\r\nx\r\n'), (args) => requests.push(args.map(String)))).toThrow(
      RequestError,
    )
    expect(requests).toEqual([['PING']])
  })
})
