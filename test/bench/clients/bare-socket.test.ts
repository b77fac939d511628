import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { BareSocket } from '../../../bench/clients/bare-socket.js'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A bare socket, connected to a server that does this with each chunk. */
async function connect(onData: (socket: Socket) => void): Promise<BareSocket> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => onData(socket))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bare = await BareSocket.connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    tls: false,
  })
  ends.push(
    () => bare.close(),
    () => server.close(),
  )
  return bare
}

const request = Buffer.from('*1\r\n$4\r\nPING\r\n')

describe('a bare socket', () => {
  it('resolves when the whole reply has arrived', async () => {
    const bare = await connect((socket) => socket.write('+PONG\r\n'))
    await bare.exchange(request, 7)
    expect(String(await bare.collect(request, 7))).toBe('+PONG\r\n')
  })

  it('rejects what waits, and what is sent later, if the server ends the connection', async () => {
    const bare = await connect((socket) => socket.end('+PO'))
    await expect(bare.exchange(request, 7)).rejects.toThrow('the server has closed the connection')
    await expect(bare.collect(request, 7)).rejects.toThrow('the server has closed the connection')
  })

  it('rejects also while the server does not read what was written', async () => {
    const bare = await connect((socket) => socket.pause().end())
    await expect(bare.exchange(Buffer.alloc(32 * 1024 * 1024), 7)).rejects.toThrow('the server has closed')
  })

  it('rejects if the connection is reset, or closed here', async () => {
    const reset = await connect((socket) => socket.resetAndDestroy())
    await expect(reset.exchange(request, 7)).rejects.toThrow('ECONNRESET')
    const bare = await connect(() => {})
    const waiting = bare.exchange(request, 7)
    bare.close()
    await expect(waiting).rejects.toThrow('the connection is closed')
  })
})
