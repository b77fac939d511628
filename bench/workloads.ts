import type { BareSocket, BenchClient } from './clients.js'

/** Something to be measured. */
export interface Workload {
  readonly title: string
  /** Commands that one call of `run` sends. */
  readonly commands: number
  run(client: BenchClient): Promise<unknown>
  /** The same on a bare socket, where it makes sense. */
  bare?(socket: BareSocket): Promise<unknown>
  /** Ratios that are to be reached, by the name they are measured against; `fastest` is the fastest other client. */
  readonly targets: Readonly<Record<string, number>>
}

const frame = (...args: string[]): string =>
  `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`

const value = 'value:0123456789'
const getFrame = frame('GET', 'bench:key')
const getReplyBytes = `$${value.length}\r\n${value}\r\n`.length
const burst = Buffer.from(getFrame.repeat(1_000))
const single = Buffer.from(getFrame)

export const largeValue = Buffer.alloc(8 * 1024 * 1024, 'x')
const mediumValue = Buffer.alloc(64 * 1024, 'x')

const thousand = Array.from({ length: 1_000 }, (_, index) => index)

/** Puts what the workloads read. */
export async function prepare(
  client: BenchClient,
  call: (...args: (string | Buffer)[]) => Promise<unknown>,
): Promise<void> {
  await client.set('bench:key', value)
  await client.set('bench:large', largeValue)
  await call('DEL', 'bench:list', 'bench:hash')
  await call('RPUSH', 'bench:list', ...thousand.map((index) => `element:${index}`))
  await call('HSET', 'bench:hash', ...thousand.flatMap((index) => [`field:${index}`, `value:${index}`]))
}

/** 64 callers, each of which waits for its reply before it sends the next. */
async function loops(send: () => Promise<unknown>): Promise<void> {
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      for (let i = 0; i < 16; i += 1) await send()
    }),
  )
}

export const workloads: readonly Workload[] = [
  {
    title: 'GET, bursts of 1,000 in one tick',
    commands: 1_000,
    run: (client) => Promise.all(thousand.map(() => client.get('bench:key'))),
    bare: (socket) => socket.exchange(burst, getReplyBytes * 1_000),
    targets: { ioredis: 7, 'ioredis auto-pipelining': 4, 'node-redis': 5, 'bare socket': 0.4 },
  },
  {
    title: 'GET, 64 concurrent loops',
    commands: 64 * 16,
    run: (client) => loops(() => client.get('bench:key')),
    targets: { ioredis: 3, 'node-redis': 2.5 },
  },
  {
    title: 'SET, 64 concurrent loops',
    commands: 64 * 16,
    run: (client) => loops(() => client.set('bench:written', value)),
    targets: { ioredis: 3, 'node-redis': 2.5 },
  },
  {
    title: 'GET, one at a time',
    commands: 50,
    run: async (client) => {
      for (let i = 0; i < 50; i += 1) await client.get('bench:key')
    },
    bare: async (socket) => {
      for (let i = 0; i < 50; i += 1) await socket.exchange(single, getReplyBytes)
    },
    targets: { 'bare socket': 0.9 },
  },
  {
    title: 'LRANGE of 1,000',
    commands: 10,
    run: (client) => Promise.all(Array.from({ length: 10 }, () => client.lrange('bench:list'))),
    targets: { ioredis: 4, iovalkey: 1.6, 'node-redis': 2 },
  },
  {
    title: 'HGETALL of 1,000 fields',
    commands: 10,
    run: (client) => Promise.all(Array.from({ length: 10 }, () => client.hgetall('bench:hash'))),
    targets: { ioredis: 4, iovalkey: 1.6, 'node-redis': 2 },
  },
  {
    title: 'GET of 8 MB as Buffer',
    commands: 1,
    run: (client) => client.getBuffer('bench:large'),
    targets: { fastest: 1.1 },
  },
  {
    title: 'SET of 64 kB Buffers, 100 in one tick',
    commands: 100,
    run: (client) => Promise.all(Array.from({ length: 100 }, () => client.set('bench:medium', mediumValue))),
    targets: { fastest: 1.8 },
  },
]
