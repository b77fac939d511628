import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dialSocket } from '../../src/connection/socket.js'
import type { Transport, TransportEnd } from '../../src/connection/transport.js'

let server: Server
let peers: Socket[]

beforeEach(async () => {
  peers = []
  server = createServer((socket) => {
    socket.on('error', () => {})
    peers.push(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  for (const peer of peers) peer.destroy()
  server.close()
})

/** An open transport, the peer's end of it, and what the transport tells. */
async function open(onWritten: () => void = () => {}): Promise<{
  transport: Transport
  peer: Socket
  received: Buffer[]
  ended: Promise<TransportEnd>
}> {
  const received: Buffer[] = []
  let tellEnd: (end: TransportEnd) => void = () => {}
  const ended = new Promise<TransportEnd>((resolve) => {
    tellEnd = resolve
  })
  const { port } = server.address() as { port: number }
  const accepted = once(server, 'connection')
  const transport = await new Promise<Transport>((resolve) => {
    const dialled = dialSocket(
      { host: '127.0.0.1', port, keepAliveDelay: 30_000 },
      {
        onOpen: () => resolve(dialled),
        onData: (chunk) => received.push(Buffer.from(chunk)),
        onWritten,
        onEnd: tellEnd,
      },
    )
  })
  const [peer] = (await accepted) as [Socket]
  return { transport, peer, received, ended }
}

/** More than any kernel takes of a peer that does not read. */
const large = Buffer.alloc(32 * 1024 * 1024, 'x')

describe('a write', () => {
  it('that the kernel has whole is taken, and nothing further is told of it', async () => {
    let told = 0
    const { transport, peer } = await open(() => {
      told += 1
    })
    const arrived = once(peer, 'data')
    expect(transport.write([Buffer.from('a'), Buffer.from('b')])).toBe('taken')
    expect(String((await arrived)[0])).toBe('ab')
    expect(told).toBe(0)
    expect(transport.destroy()).toBe(false)
  })

  it('that the kernel has not whole is pending, and told of once it has', async () => {
    let tell: () => void = () => {}
    const written = new Promise<void>((resolve) => {
      tell = resolve
    })
    const { transport, peer } = await open(() => tell())
    peer.pause()
    expect(transport.write([large])).toBe('pending')
    let size = 0
    peer.on('data', (chunk) => {
      size += chunk.length
    })
    peer.resume()
    await written
    expect(transport.destroy()).toBe(false)
    await once(peer, 'close')
    expect(size).toBe(large.length)
  })

  // Node's stream put such a write by, and forgot it in the midst of its own clearing up: nothing was sent any more.
  it('in the very moment when the one before is told of is not forgotten', async () => {
    const count = 50
    let writes = 1
    let transport: Transport | undefined
    const done = new Promise<void>((resolve) => {
      const writeOn = (): void => {
        while (writes < count) {
          writes += 1
          if (transport?.write([Buffer.alloc(1024 * 1024, 'x'), Buffer.from('end')]) === 'pending') return
        }
        resolve()
      }
      void open(writeOn).then((opened) => {
        transport = opened.transport
        let size = 0
        opened.peer.on('data', (chunk) => {
          size += chunk.length
          if (size === count * (1024 * 1024 + 3)) opened.peer.destroy()
        })
        if (transport.write([Buffer.alloc(1024 * 1024, 'x'), Buffer.from('end')]) === 'taken') writeOn()
        void opened.ended.then(() => resolve())
      })
    })
    await done
    expect(writes).toBe(count)
  })

  it('to a peer that is gone is refused at last, and the end follows', async () => {
    const { transport, peer, ended } = await open()
    peer.resetAndDestroy()
    const end = await ended
    expect(end.pendingWriteIncomplete).toBe(false)
    expect(transport.write([Buffer.from('x')])).toBe('refused')
  })
})

describe('the end', () => {
  it('proves that a pending write never left whole, when the peer never read it', async () => {
    const { transport, peer } = await open()
    peer.pause()
    expect(transport.write([large])).toBe('pending')
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(transport.destroy()).toBe(true)
  })

  it('proves it, too, when the peer resets the connection', async () => {
    const { transport, peer, ended } = await open()
    peer.pause()
    expect(transport.write([large])).toBe('pending')
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    peer.resetAndDestroy()
    expect((await ended).pendingWriteIncomplete).toBe(true)
  })

  it('claims nothing of a write whose turn of the event loop is not over', async () => {
    const { transport, peer } = await open()
    peer.pause()
    expect(transport.write([large])).toBe('pending')
    expect(transport.destroy()).toBe(false)
  })

  it('comes after everything that the peer has said', async () => {
    const { peer, received, ended } = await open()
    peer.end('last words')
    expect((await ended).error).toBeUndefined()
    expect(Buffer.concat(received).toString()).toBe('last words')
  })

  it('is told of a connection that can not be made', async () => {
    const { port } = server.address() as { port: number }
    server.close()
    await once(server, 'close')
    const end = await new Promise<TransportEnd>((resolve) => {
      dialSocket(
        { host: '127.0.0.1', port, keepAliveDelay: 30_000 },
        { onOpen: () => {}, onData: () => {}, onWritten: () => {}, onEnd: resolve },
      )
    })
    expect(end.error).toMatchObject({ code: 'ECONNREFUSED' })
  })
})
