// Run by bun.ts, on Bun: the client that is part of Bun, used as its manual shows.

/** What a process is told first, in the variable RESPITE_LAB_BUN. */
export interface Setup {
  readonly port: number
  readonly silenceLimit?: number
  readonly connectLimit?: number
  readonly username?: string
  readonly password?: string
  readonly database?: number
}

/** One call; several come in one message if they were called in one tick. */
export interface Call {
  readonly id: number
  readonly method: 'connect' | 'get' | 'set' | 'incr' | 'blpop' | 'incrBoth' | 'subscribe' | 'close'
  readonly args: readonly string[]
}

/** The answer to a call, a message of a channel, or an event of the client. */
export type Answer =
  | {
      readonly id: number
      readonly value?: unknown
      readonly error?: { readonly name: string; readonly message: string }
    }
  | { readonly heard: string }
  | { readonly status: string }

/** The part of Bun's client that is used; Bun's own types are not installed here. */
interface BunRedis {
  onconnect: (() => void) | null
  onclose: ((error?: Error) => void) | null
  connect(): Promise<void>
  get(key: string): Promise<unknown>
  set(key: string, value: string): Promise<unknown>
  incr(key: string): Promise<unknown>
  send(command: string, args: readonly string[]): Promise<unknown>
  duplicate(): Promise<BunRedis>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  close(): void
}

interface BunRuntime {
  readonly RedisClient: new (url: string, options: { idleTimeout?: number; connectionTimeout?: number }) => BunRedis
}

const { RedisClient } = (globalThis as unknown as { Bun: BunRuntime }).Bun
const { port, silenceLimit, connectLimit, username, password, database } = JSON.parse(
  process.env.RESPITE_LAB_BUN ?? '',
) as Setup

const user = password === undefined ? '' : `${encodeURIComponent(username ?? '')}:${encodeURIComponent(password)}@`
const client = new RedisClient(`redis://${user}127.0.0.1:${port}/${database ?? 0}`, {
  ...(silenceLimit !== undefined && { idleTimeout: silenceLimit }),
  ...(connectLimit !== undefined && { connectionTimeout: connectLimit }),
})

const observe = (each: BunRedis): void => {
  each.onconnect = () => tell({ status: 'connect' })
  each.onclose = () => tell({ status: 'close' })
}
observe(client)
const opened = [client]

const methods: Readonly<Record<Call['method'], (...args: string[]) => Promise<unknown>>> = {
  connect: () => client.connect(),
  get: (key = '') => client.get(key),
  set: (key = '', value = '') => client.set(key, value),
  incr: (key = '') => client.incr(key),
  blpop: (key = '', seconds = '') => client.send('BLPOP', [key, seconds]),
  incrBoth: async (first = '', second = '') => {
    // Its transactions are these commands, in one tick.
    const calls = [client.send('MULTI', []), client.incr(first), client.incr(second), client.send('EXEC', [])]
    const settled = await Promise.allSettled(calls)
    const failed = settled.find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
    return calls.at(-1)
  },
  subscribe: async (channel = '') => {
    const subscriber = await client.duplicate()
    observe(subscriber)
    opened.push(subscriber)
    await subscriber.subscribe(channel, (heard) => tell({ heard }))
  },
  close: async () => {
    for (const each of opened) each.close()
  },
}

process.on('message', (calls) => {
  for (const { id, method, args } of calls as readonly Call[]) {
    methods[method](...args).then(
      (value) => tell({ id, value }),
      (error: unknown) => {
        const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) }
        tell({ id, error: { name, message } })
      },
    )
  }
})

// The process that asked is gone.
process.once('disconnect', () => process.exit(0))

function tell(answer: Answer): void {
  process.send?.(answer)
}
