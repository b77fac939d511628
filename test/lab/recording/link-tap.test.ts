import { describe, expect, it } from 'vitest'
import { LinkTap } from '../../../lab/recording/link-tap.js'

function tap(): { tap: LinkTap; seen: string[] } {
  const seen: string[] = []
  return {
    seen,
    tap: new LinkTap({
      onSent: (name, key) => seen.push(`sent ${name} ${key}`),
      onAnswered: (name, key) => seen.push(`answered ${name} ${key}`),
    }),
  }
}

const frame = (...args: string[]): Buffer =>
  Buffer.from(`*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`)

describe('the tap of a link', () => {
  it('reports only complete frames, and pairs replies with them in order', () => {
    const { tap: link, seen } = tap()
    const get = frame('get', 'k')
    link.request(get.subarray(0, 9))
    expect(seen).toEqual([])
    link.request(Buffer.concat([get.subarray(9), frame('INCR', 'n')]))
    link.reply(Buffer.from('$1\r\nv'))
    expect(seen).toEqual(['sent GET k', 'sent INCR n'])
    link.reply(Buffer.from('\r\n:1\r\n'))
    expect(seen.slice(2)).toEqual(['answered GET k', 'answered INCR n'])
  })

  it('distinguishes pushes to one list by their elements', () => {
    const { tap: link, seen } = tap()
    link.request(frame('RPUSH', 'list', '1'))
    link.request(frame('rpush', 'list', '2'))
    link.reply(Buffer.from(':1\r\n'))
    expect(seen).toEqual(['sent RPUSH list 1', 'sent RPUSH list 2', 'answered RPUSH list 1'])
  })

  it('treats the confirmation of a subscription as its reply, but not a message', () => {
    const { tap: link, seen } = tap()
    link.request(frame('SUBSCRIBE', 'news'))
    link.request(frame('PING'))
    link.reply(
      Buffer.from(
        '>3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n>3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n+PONG\r\n',
      ),
    )
    expect(seen.slice(2)).toEqual(['answered SUBSCRIBE news', 'answered PING '])
  })

  it('reports nothing after invalid bytes, in either direction', () => {
    const { tap: link, seen } = tap()
    link.request(Buffer.from('*1\r\nno bulk string\r\n'))
    link.request(frame('GET', 'k'))
    link.reply(Buffer.from('?\r\n'))
    link.reply(Buffer.from('+OK\r\n'))
    expect(seen).toEqual([])
  })
})
