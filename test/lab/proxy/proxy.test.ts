import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answer, blackHole, drop, endAfter, pass, replace, resetAfter, stall } from '../../../lab/proxy/fault.js'
import type { Link } from '../../../lab/proxy/link.js'
import { FaultProxy } from '../../../lab/proxy/proxy.js'
import { BuiltInServer } from '../../../lab/server/server.js'

let server: BuiltInServer
let proxy: FaultProxy
const peers: Peer[] = []

beforeEach(async () => {
  server = await BuiltInServer.start()
  proxy = await FaultProxy.start(server.port)
})

afterEach(async () => {
  for (const { socket } of peers.splice(0)) socket.destroy()
  await proxy.stop()
  await server.stop()
})

/** A raw client that records the bytes it receives and how the connection ended. */
interface Peer {
  readonly socket: Socket
  readonly link: Link
  /** Everything received so far. */
  received(): string
  /** Resolves with everything received, once it is at least `count` bytes. */
  bytes(count: number): Promise<string>
  /** Resolves with `FIN` or the error code. */
  readonly end: Promise<string>
}

async function dial(): Promise<Peer> {
  const next = proxy.nextLink()
  const socket = connect(proxy.port, '127.0.0.1')
  let received = ''
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
  })
  const end = new Promise<string>((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    socket.once('end', () => resolve('FIN'))
  })
  const bytes = async (count: number): Promise<string> => {
    while (received.length < count) await once(socket, 'data')
    return received
  }
  const peer: Peer = { socket, link: await next, received: () => received, bytes, end }
  peers.push(peer)
  return peer
}

const ran = (): string[] => server.log.map(({ args }) => args.join(' '))

describe('without a fault', () => {
  it('bytes and FIN pass in both directions', async () => {
    const peer = await dial()
    peer.socket.write('INCR n\r\nQUIT\r\n')
    expect(await peer.bytes(9)).toBe(':1\r\n+OK\r\n')
    expect(await peer.end).toBe('FIN')
    await peer.link.closed
    expect(proxy.links).toEqual([])
  })

  it("a client's FIN reaches the server, and the replies before it come back", async () => {
    const peer = await dial()
    peer.socket.end('INCR n\r\n')
    expect(await peer.bytes(4)).toBe(':1\r\n')
    expect(await peer.end).toBe('FIN')
  })

  it("a client's RST ends the server's connection", async () => {
    const peer = await dial()
    peer.socket.write('PING\r\n')
    await peer.bytes(7)
    peer.socket.resetAndDestroy()
    await peer.link.closed
    await server.disconnected()
  })

  it('a server that is not there looks like a reset', async () => {
    await server.stop()
    expect(await (await dial()).end).toBe('ECONNRESET')
  })

  it('large values pass complete, even to a reader that pauses', async () => {
    const peer = await dial()
    const value = 'v'.repeat(3_000_000)
    peer.socket.pause()
    peer.socket.write(`*2\r\n$4\r\nECHO\r\n$${value.length}\r\n${value}\r\n`)
    await peer.link.replies.arrival()
    peer.socket.resume()
    expect((await peer.bytes(value.length + 12)) === `$${value.length}\r\n${value}\r\n`).toBe(true)
  })
})

describe('reset', () => {
  it('while FIN is being sent: the connection ends, and nothing of it is left', async () => {
    const peer = await dial()
    peer.socket.write('PING\r\n')
    await peer.bytes(7)
    peer.link.end()
    // Node has begun to send FIN, and has not finished.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    peer.link.reset()
    await peer.end
    await peer.link.closed
  })

  it('before a request is forwarded: it never ran', async () => {
    proxy.onRequest = () => resetAfter(0)
    const peer = await dial()
    peer.socket.write('INCR n\r\n')
    expect(await peer.end).toBe('ECONNRESET')
    expect(ran()).toEqual([])
  })

  it('after part of a request: it never ran', async () => {
    proxy.onRequest = () => resetAfter(5)
    const peer = await dial()
    peer.socket.write('INCR n\r\n')
    expect(await peer.end).toBe('ECONNRESET')
    expect(peer.link.requests.delivered).toBe(5)
    expect(ran()).toEqual([])
  })

  it('after the request ran and before its reply: no bytes arrive', async () => {
    proxy.onReply = () => resetAfter(0)
    const peer = await dial()
    peer.socket.write('INCR n\r\n')
    expect(await peer.end).toBe('ECONNRESET')
    expect(peer.received()).toBe('')
    expect(ran()).toEqual(['INCR n'])
  })

  it('within a reply: only the bytes before it arrive', async () => {
    proxy.onReply = () => resetAfter(3)
    const peer = await dial()
    peer.socket.write('INCR n\r\n')
    expect(await peer.end).toBe('ECONNRESET')
    expect(peer.received()).toBe(':1\r')
  })

  it('of all links at once: each reports that it has closed', async () => {
    const both = [await dial(), await dial()]
    proxy.resetAll()
    expect(await Promise.all(both.map(({ end }) => end))).toEqual(['ECONNRESET', 'ECONNRESET'])
    await Promise.all(both.map(({ link }) => link.closed))
    expect(proxy.links).toEqual([])
  })
})

describe('FIN', () => {
  it('within a reply: the bytes before it arrive, then FIN', async () => {
    proxy.onReply = () => endAfter(2)
    const peer = await dial()
    peer.socket.write('INCR n\r\n')
    expect(await peer.end).toBe('FIN')
    expect(peer.received()).toBe(':1')
  })

  it('after a time without data', async () => {
    const peer = await dial()
    peer.socket.write('PING\r\n')
    await peer.bytes(7)
    const started = performance.now()
    peer.link.cutWhenIdle(30, 'end')
    expect(await peer.end).toBe('FIN')
    expect(performance.now() - started).toBeGreaterThanOrEqual(28)
  })
})

describe('stall', () => {
  it('holds replies until it is resumed, then delivers all of them in order', async () => {
    proxy.onReply = () => stall
    const peer = await dial()
    peer.socket.write('INCR n\r\n')
    await peer.link.replies.arrival()
    peer.socket.write('INCR n\r\n')
    await peer.link.replies.arrival()
    expect(ran()).toHaveLength(2)
    expect(peer.link.replies.delivered).toBe(0)
    peer.link.replies.resume()
    expect(await peer.bytes(8)).toBe(':1\r\n:2\r\n')
  })

  it('holds requests: none runs until it is resumed', async () => {
    const peer = await dial()
    peer.link.requests.stall()
    peer.socket.write('INCR n\r\n')
    await peer.link.requests.arrival()
    expect(peer.link.requests.delivered).toBe(0)
    peer.link.requests.resume()
    expect(await peer.bytes(4)).toBe(':1\r\n')
  })

  it('of a large request stops its writer', async () => {
    const peer = await dial()
    peer.link.requests.stall()
    // More than the buffers of the proxy and the sockets hold.
    const chunk = Buffer.alloc(1_000_000, 'x')
    let isTaken = false
    for (let i = 0; i < 32; i += 1) peer.socket.write(chunk)
    peer.socket.write(chunk, () => {
      isTaken = true
    })
    await peer.link.requests.arrival()
    while (peer.link.requests.received < 262_144) await peer.link.requests.arrival()
    expect(isTaken).toBe(false)
    expect(peer.link.requests.received).toBeLessThan(2_000_000)
  })
})

describe('what the proxy reports', () => {
  /** How many bytes of each chunk were passed on. */
  const arrivals = (): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const event of ['request', 'reply'] as const) proxy.on(event, (_link, chunk) => counts.set(String(chunk), 0))
    proxy.on('arrived', (_link, chunk, bytes) => {
      counts.set(String(chunk), Number(counts.get(String(chunk))) + bytes)
    })
    return counts
  }

  it('is how many bytes of each chunk arrive: all, or up to a cut', async () => {
    const counts = arrivals()
    proxy.onReply = () => resetAfter(3)
    const peer = await dial()
    peer.socket.write('INCR n\r\n')
    await peer.end
    expect([...counts]).toEqual([
      ['INCR n\r\n', 8],
      [':1\r\n', 3],
    ])
  })

  it('is none of those that it drops or replaces, and all of those that it answers', async () => {
    const counts = arrivals()
    proxy.onReply = () => replace('+FORGED\r\n')
    const peer = await dial()
    peer.socket.write('INCR n\r\n')
    await peer.bytes(9)
    proxy.onRequest = () => answer(new Uint8Array(Buffer.from('+MINE\r\n')))
    peer.socket.write('GET n\r\n')
    await peer.bytes(16)
    expect([...counts]).toEqual([
      ['INCR n\r\n', 8],
      [':1\r\n', 0],
      ['GET n\r\n', 0],
      ['+MINE\r\n', 7],
    ])
  })

  it('is that a client leaves, even if neither its bytes nor its end get through', async () => {
    const peer = await dial()
    peer.link.isBlackHole = true
    const left = once(proxy, 'leave')
    peer.socket.destroy()
    expect(await left).toEqual([peer.link])
    expect(proxy.links).toEqual([peer.link])
  })
})

describe('black hole', () => {
  it('in both directions: requests vanish, and neither side sees the other close', async () => {
    const peer = await dial()
    peer.socket.write('INCR n\r\n')
    await peer.bytes(4)
    proxy.isBlackHole = true
    peer.socket.write('INCR n\r\n')
    await peer.link.requests.arrival()
    await server.stop()
    // A link without the fault learns at once that the server is gone, so this one would have learned by now.
    proxy.isBlackHole = false
    peer.link.isBlackHole = true
    expect(await (await dial()).end).toBe('ECONNRESET')
    expect(ran()).toEqual(['INCR n'])
    expect(peer.received()).toBe(':1\r\n')
    expect(peer.socket.destroyed).toBe(false)
    expect(proxy.links).toContain(peer.link)
  })

  it('that has ended: bytes pass again, earlier ones stay lost', async () => {
    const peer = await dial()
    proxy.isBlackHole = true
    peer.socket.write('INCR n\r\n')
    await peer.link.requests.arrival()
    proxy.isBlackHole = false
    peer.socket.write('GET n\r\n')
    expect(await peer.bytes(5)).toBe('$-1\r\n')
  })

  it('also applies to new links', async () => {
    proxy.isBlackHole = true
    expect((await dial()).link.isBlackHole).toBe(true)
  })

  it('for replies only: the request runs', async () => {
    const peer = await dial()
    peer.link.replies.isBlackHole = true
    peer.socket.write('INCR n\r\n')
    await peer.link.replies.arrival()
    expect(ran()).toEqual(['INCR n'])
    expect(peer.link.replies.delivered).toBe(0)
  })

  it('from a hook, starting with its bytes', async () => {
    const peer = await dial()
    proxy.onRequest = (chunk) => (chunk.includes('GET') ? blackHole : { do: 'pass' })
    peer.socket.write('INCR n\r\n')
    await peer.bytes(4)
    peer.socket.write('GET n\r\n')
    await peer.link.requests.arrival()
    expect(peer.link.isBlackHole).toBe(true)
    expect(ran()).toEqual(['INCR n'])
  })
})

describe('other bytes', () => {
  it('answers in place of the server, which gets nothing', async () => {
    const peer = await dial()
    const replies: string[] = []
    proxy.on('reply', (_link, chunk) => replies.push(String(chunk)))
    proxy.onRequest = () => answer('-READONLY no\r\n')
    peer.socket.write('PING\r\n')
    expect(await peer.bytes(14)).toBe('-READONLY no\r\n')
    proxy.onRequest = () => pass
    peer.socket.write('PING\r\n')
    expect(await peer.bytes(21)).toBe('-READONLY no\r\n+PONG\r\n')
    expect(replies).toEqual(['-READONLY no\r\n', '+PONG\r\n'])
  })

  it('garbage replaces a reply, and the next reply is unchanged', async () => {
    const peer = await dial()
    proxy.onReply = () => {
      proxy.onReply = () => ({ do: 'pass' })
      return replace('HTTP/1.1 400 Bad Request\r\n')
    }
    peer.socket.write('INCR n\r\n')
    expect(await peer.bytes(26)).toBe('HTTP/1.1 400 Bad Request\r\n')
    peer.socket.write('GET n\r\n')
    expect((await peer.bytes(33)).slice(26)).toBe('$1\r\n1\r\n')
  })

  it('a dropped reply leaves the link open', async () => {
    const peer = await dial()
    proxy.onReply = () => {
      proxy.onReply = () => ({ do: 'pass' })
      return drop
    }
    peer.socket.write('INCR n\r\n')
    await peer.link.replies.arrival()
    peer.socket.write('INCR n\r\n')
    expect(await peer.bytes(4)).toBe(':2\r\n')
  })

  it('slow: a reply comes byte by byte', async () => {
    const peer = await dial()
    const sizes: number[] = []
    peer.socket.on('data', (chunk: Buffer) => sizes.push(chunk.length))
    peer.link.replies.slow({ bytes: 1, delayMs: 2 })
    peer.socket.write('ECHO 0123456789\r\n')
    expect(await peer.bytes(17)).toBe('$10\r\n0123456789\r\n')
    // The operating system may combine some of them.
    expect(sizes.length).toBeGreaterThan(8)
  })
})

describe('refusal', () => {
  it('applies to new connections only, and open() accepts them again on the same port', async () => {
    const peer = await dial()
    const { port } = proxy
    proxy.refuse()
    const refused = connect(port, '127.0.0.1')
    const [error] = await once(refused, 'error')
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
    peer.socket.write('PING\r\n')
    expect(await peer.bytes(7)).toBe('+PONG\r\n')
    await proxy.open()
    expect(proxy.port).toBe(port)
    const other = await dial()
    other.socket.write('PING\r\n')
    expect(await other.bytes(7)).toBe('+PONG\r\n')
  })
})

describe('the end', () => {
  it('of a link rejects those who wait for its bytes', async () => {
    const peer = await dial()
    const arrival = peer.link.replies.arrival()
    peer.link.reset()
    await expect(arrival).rejects.toThrow('the link has ended')
    await expect(peer.link.requests.arrival()).rejects.toThrow('the link has ended')
  })

  it('of the proxy closes both sides of every link, including black holes', async () => {
    const peer = await dial()
    peer.socket.write('PING\r\n')
    await peer.bytes(7)
    peer.link.isBlackHole = true
    await proxy.stop()
    expect(await peer.end).toMatch(/FIN|ECONNRESET/)
    await server.disconnected()
    expect(proxy.links).toEqual([])
  })
})
