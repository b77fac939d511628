import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { ClientLinks } from '../../../lab/proxy/client-links.js'
import type { Link } from '../../../lab/proxy/link.js'
import type { FaultProxy, ProxyEvents } from '../../../lab/proxy/proxy.js'

const ping = Buffer.from('*1\r\n$4\r\nPING\r\n')
const get = Buffer.from('*2\r\n$3\r\nGET\r\n$1\r\nk\r\n')
const pong = Buffer.from('+PONG\r\n')

/** Proxies before two servers, and what is passed on of their events. */
function watched(): { proxies: EventEmitter<ProxyEvents>[]; links: ClientLinks; seen: string[] } {
  const links = new ClientLinks()
  const seen: string[] = []
  links.on('arrived', ({ id }, _chunk, bytes) => seen.push(`arrived ${id} ${bytes}`))
  for (const event of ['link', 'leave', 'close'] as const) {
    links.on(event, ({ id, node }) => seen.push(`${event} ${id} ${node}`))
  }
  for (const event of ['request', 'reply'] as const) {
    links.on(event, ({ id }, chunk) => seen.push(`${event} ${id} ${chunk.length}`))
  }
  const proxies = ['a', 'b'].map((node) => {
    const proxy = new EventEmitter<ProxyEvents>()
    links.add(proxy as FaultProxy, node)
    return proxy
  })
  return { proxies, links, seen }
}

const linkOf = (id: number): Link => ({ id }) as Link

describe('the links of clients', () => {
  it('are numbered over all servers, and named after them', () => {
    const { proxies, links, seen } = watched()
    const [first, second] = [linkOf(1), linkOf(1)]
    for (const [i, link] of [first, second].entries()) {
      proxies[i]?.emit('link', link)
      expect(links.has(link)).toBe(false)
      proxies[i]?.emit('request', link, get)
      expect(links.has(link)).toBe(true)
    }
    proxies[0]?.emit('reply', first, pong)
    proxies[0]?.emit('arrived', first, pong, 7)
    proxies[0]?.emit('leave', first)
    proxies[0]?.emit('close', first)
    expect(seen.slice(0, 4)).toEqual(['link 1 a', 'request 1 20', 'link 2 b', 'request 2 20'])
    expect(seen.slice(4)).toEqual(['reply 1 7', 'arrived 1 7', 'leave 1 a', 'close 1 a'])
    expect(links.has(first)).toBe(false)
  })

  it('may begin with a PING: nothing of them is missing', () => {
    const { proxies, seen } = watched()
    const link = linkOf(1)
    proxies[0]?.emit('link', link)
    proxies[0]?.emit('request', link, ping)
    proxies[0]?.emit('reply', link, pong)
    expect(seen).toEqual([])
    proxies[0]?.emit('request', link, get)
    expect(seen).toEqual(['link 1 a', 'request 1 14', 'reply 1 7', 'request 1 20'])
  })

  it('are not those of replicas, which send PING and then REPLCONF', () => {
    const { proxies, links, seen } = watched()
    const link = linkOf(1)
    proxies[0]?.emit('link', link)
    proxies[0]?.emit('request', link, ping)
    proxies[0]?.emit('reply', link, pong)
    proxies[0]?.emit('request', link, Buffer.from('*3\r\n$8\r\nREPLCONF\r\n$14\r\nlistening-port\r\n$4\r\n6379\r\n'))
    proxies[0]?.emit('reply', link, Buffer.from('+OK\r\n'))
    proxies[0]?.emit('request', link, get)
    proxies[0]?.emit('close', link)
    expect(seen).toEqual([])
    expect(links.has(link)).toBe(false)
  })
})
