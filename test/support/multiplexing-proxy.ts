import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { RequestParser } from '../../lab/server/request-parser.js'
import { Decoder } from '../../src/protocol/decoder.js'
import { bufferMode } from '../../src/protocol/types.js'

/** A proxy that shares one connection to a server among all of its clients, as proxies do that read the protocol. */
export interface MultiplexingProxy {
  readonly port: number
  /** How often the server has closed its connection. */
  readonly closed: number
  stop(): Promise<void>
}

export async function startMultiplexingProxy(serverPort: number): Promise<MultiplexingProxy> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    return socket.on('close', () => sockets.delete(socket))
  }
  /** Who gets the next replies. */
  const waiting: Socket[] = []
  let closed = 0
  const server = keep(connect(serverPort, '127.0.0.1'))
  server.on('close', () => {
    closed += 1
  })
  let isComplete = false
  const decoder = new Decoder({
    modeOfNext: () => bufferMode,
    onReply() {
      isComplete = true
    },
    onPush: () => undefined,
  })
  const pieces: Buffer[] = []
  server.on('data', (chunk) => {
    let begin = 0
    // Byte by byte, to find where each reply ends.
    for (let i = 1; i <= chunk.length; i += 1) {
      isComplete = false
      decoder.decode(chunk.subarray(i - 1, i))
      if (!isComplete) continue
      const client = waiting.shift()
      const reply = Buffer.concat([...pieces.splice(0), chunk.subarray(begin, i)])
      if (client?.writable === true) client.write(reply)
      begin = i
    }
    pieces.push(Buffer.from(chunk.subarray(begin)))
  })
  const listener = createServer((client) => {
    keep(client)
    const parser = new RequestParser()
    client.on('data', (chunk) => {
      parser.feed(chunk, (args) => {
        waiting.push(client)
        const parts = args.flatMap((arg) => [Buffer.from(`$${arg.length}\r\n`), arg, Buffer.from('\r\n')])
        server.write(Buffer.concat([Buffer.from(`*${args.length}\r\n`), ...parts]))
      })
    })
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get closed() {
      return closed
    },
    async stop() {
      listener.close()
      for (const socket of sockets) socket.destroy()
      await once(listener, 'close')
    },
  }
}
