import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { BuiltInServer, type BuiltInServerOptions } from '../../../lab/server/server.js'

const servers: BuiltInServer[] = []
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

async function start(options: BuiltInServerOptions = {}): Promise<BuiltInServer> {
  const server = await BuiltInServer.start(options)
  servers.push(server)
  return server
}

function dial(server: BuiltInServer): Socket {
  const socket = connect(server.port, '127.0.0.1')
  sockets.push(socket)
  return socket
}

async function say(socket: Socket, line: string): Promise<string> {
  socket.write(`${line}\r\n`)
  const [chunk] = await once(socket, 'data')
  return String(chunk)
}

describe('the built-in server', () => {
  it('logs each command that ran, with its connection', async () => {
    const server = await start()
    expect(await say(dial(server), 'SET k v')).toBe('+OK\r\n')
    expect(await say(dial(server), 'GET k')).toBe('$1\r\nv\r\n')
    expect(server.log.map(({ connection, args }) => [connection, args.join(' ')])).toEqual([
      [1, 'SET k v'],
      [2, 'GET k'],
    ])
  })

  it('answers the requests of one packet together and in order', async () => {
    const server = await start()
    expect(await say(dial(server), 'INCR n\r\nINCR n\r\nGET n')).toBe(':1\r\n:2\r\n$1\r\n2\r\n')
  })

  it('closes the connection after the reply to QUIT', async () => {
    const socket = dial(await start())
    expect(await say(socket, 'QUIT')).toBe('+OK\r\n')
    await once(socket, 'close')
  })

  it('refuses clients beyond the limit until one disconnects', async () => {
    const server = await start({ maxClients: 1 })
    const first = dial(server)
    await say(first, 'PING')
    const second = dial(server)
    const [refusal] = await once(second, 'data')
    expect(String(refusal)).toBe('-ERR max number of clients reached\r\n')
    await once(second, 'close')
    first.end()
    await once(first, 'close')
    expect(await say(dial(server), 'PING')).toBe('+PONG\r\n')
  })

  it('ends its connections when stopped, and restarts on the same port with its data', async () => {
    const server = await start()
    const { port } = server
    const socket = dial(server)
    await say(socket, 'SET k v')
    await Promise.all([once(socket, 'close'), server.stop()])
    expect(server.connections).toBe(0)
    await server.start()
    expect(server.port).toBe(port)
    expect(await say(dial(server), 'GET k')).toBe('$1\r\nv\r\n')
  })

  it('can be started again after a failed start', async () => {
    const taken = await start()
    const server = new BuiltInServer({ port: taken.port })
    servers.push(server)
    await expect(server.start()).rejects.toThrow(/EADDRINUSE/)
    await taken.stop()
    await server.start()
    expect(await say(dial(server), 'PING')).toBe('+PONG\r\n')
  })

  it('survives a client that resets its connection', async () => {
    const server = await start()
    const socket = dial(server)
    await say(socket, 'PING')
    socket.resetAndDestroy()
    expect(await say(dial(server), 'PING')).toBe('+PONG\r\n')
  })
})
