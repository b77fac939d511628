import { describe, expect, it } from 'vitest'
import { Mask } from '../../../lab/recording/mask.js'

const requestOf = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`

/** What is shown of these bytes if they come in chunks of a size. */
function shown(text: string, size: number): string {
  const mask = new Mask()
  const bytes = Buffer.from(text)
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) chunks.push(mask.hide(bytes.subarray(at, at + size)))
  return Buffer.concat(chunks).toString()
}

describe.each([1, 2, 3, 7, 1_000])('the requests of a link, in chunks of %i bytes', (size) => {
  it('show nothing that AUTH takes', () => {
    expect(shown(requestOf('AUTH', 'secret') + requestOf('GET', 'secret'), size)).toBe(
      requestOf('AUTH', '******') + requestOf('GET', 'secret'),
    )
    expect(shown(requestOf('auth', 'user', 'p\r\n$3\r\n'), size)).toBe(requestOf('auth', '****', '*******'))
  })

  it('show nothing of the credentials in HELLO, but what follows them', () => {
    expect(shown(requestOf('HELLO', '3', 'AUTH', 'default', 'AUTH', 'SETNAME', 'me'), size)).toBe(
      requestOf('HELLO', '3', 'AUTH', '*******', '****', 'SETNAME', 'me'),
    )
  })

  it('show everything else', () => {
    const other = `${requestOf('SET', 'AUTH', 'value', '')}${requestOf('HELLO', '3')}PING\r\n${requestOf('AUTHOR', 'x')}`
    expect(shown(other, size)).toBe(other)
  })
})

it('leaves the bytes as they are that the server gets', () => {
  const bytes = Buffer.from(requestOf('AUTH', 'secret'))
  new Mask().hide(bytes)
  expect(bytes.toString()).toBe(requestOf('AUTH', 'secret'))
})
