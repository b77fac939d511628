import type { Client, ClientOptions, RetryPolicy } from '../../src/index.js'
import type { Caller } from './history.js'

/** How writes are sent again: by a retry policy, or with `once`. */
export const repeats = ['never', 'read', 'idempotent', 'convergent', 'always', 'once'] as const
export type Repeat = (typeof repeats)[number]

/** What the clients are told of the fence, and whether the user may run CLIENT KILL. */
export const fences = [
  { fence: 'off', isFenceable: true },
  { fence: 'try', isFenceable: true },
  { fence: 'require', isFenceable: true },
  { fence: 'try', isFenceable: false },
  { fence: 'require', isFenceable: false },
] as const

/** Under which a history is made. */
export interface Setting {
  readonly repeat: Repeat
  readonly fence: NonNullable<ClientOptions['fence']>
  /** Whether the user may run CLIENT KILL. */
  readonly isFenceable: boolean
  /** How many clients, each with callers. */
  readonly clients: number
}

/** The options of its clients. Losses are noticed soon, so that a history is short. */
export function optionsOf({ repeat, fence }: Setting) {
  const retry: RetryPolicy = repeat === 'once' ? 'idempotent' : repeat
  return { retry, fence, fenceTimeout: 500, stallTimeout: 100, reconnect: { baseDelay: 5, maxDelay: 20 } } as const
}

/** How its callers use a client. */
export function callerOf(client: Client, { repeat }: Setting): Caller {
  if (repeat !== 'once') return client
  const once = client.with({ once: true })
  return {
    get: (key) => client.get(key),
    set: (key, value) => once.set(key, value),
    rpush: (key, value) => once.rpush(key, value),
    lrange: (key, start, stop) => client.lrange(key, start, stop),
  }
}
