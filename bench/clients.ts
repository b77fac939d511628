import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createClient as createNodeRedis, RESP_TYPES } from '@redis/client'
import { Redis as IoRedis } from 'ioredis'
import { Redis as IoValkey } from 'iovalkey'
import { createClient } from '../dist/index.js'

/** What every measured client can do: the least that the workloads need. */
export interface BenchClient {
  readonly name: string
  get(key: string): Promise<unknown>
  set(key: string, value: string | Buffer): Promise<unknown>
  lrange(key: string): Promise<readonly unknown[]>
  hgetall(key: string): Promise<unknown>
  getBuffer(key: string): Promise<unknown>
  close(): Promise<void>
}

async function respite(port: number): Promise<BenchClient> {
  const client = createClient({ host: '127.0.0.1', port })
  await client.connect()
  const buffers = client.with({ buffers: true })
  return {
    name: 'respite',
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    lrange: (key) => client.lrange(key, 0, -1),
    hgetall: (key) => client.hgetall(key),
    getBuffer: (key) => buffers.get(key),
    close: () => client.close(),
  }
}

async function nodeRedis(port: number): Promise<BenchClient> {
  const client = createNodeRedis({ socket: { host: '127.0.0.1', port } })
  await client.connect()
  const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
  return {
    name: 'node-redis',
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    lrange: (key) => client.lRange(key, 0, -1),
    hgetall: (key) => client.hGetAll(key),
    getBuffer: (key) => buffers.get(key),
    close: () => client.close(),
  }
}

function likeIoRedis(name: string, client: IoRedis): BenchClient {
  return {
    name,
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    lrange: (key) => client.lrange(key, 0, -1),
    hgetall: (key) => client.hgetall(key),
    getBuffer: (key) => client.getBuffer(key),
    close: async () => client.disconnect(),
  }
}

async function ioRedis(port: number, name: string, enableAutoPipelining: boolean): Promise<BenchClient> {
  const client = new IoRedis({ host: '127.0.0.1', port, enableAutoPipelining })
  await once(client, 'ready')
  return likeIoRedis(name, client)
}

async function ioValkey(port: number): Promise<BenchClient> {
  const client = new IoValkey({ host: '127.0.0.1', port })
  await once(client, 'ready')
  // A fork of ioredis with the same methods, under types of its own.
  return likeIoRedis('iovalkey', client as unknown as IoRedis)
}

/** All clients, connected. */
export function connectAll(port: number): Promise<BenchClient[]> {
  return Promise.all([
    respite(port),
    ioRedis(port, 'ioredis', false),
    ioRedis(port, 'ioredis auto-pipelining', true),
    ioValkey(port),
    nodeRedis(port),
  ])
}

/**
 * No client at all: writes commands encoded beforehand, and counts the bytes of their replies. What the socket and the
 * server allow.
 */
export class BareSocket {
  readonly #socket: Socket
  #owed = 0
  #done: () => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#owed -= chunk.length
      if (this.#owed === 0) this.#done()
    })
  }

  static async connect(port: number): Promise<BareSocket> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new BareSocket(socket)
  }

  /** Writes bytes, and resolves when so many have come back. */
  exchange(request: Buffer, replyBytes: number): Promise<void> {
    this.#owed = replyBytes
    return new Promise((resolve) => {
      this.#done = resolve
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }
}
