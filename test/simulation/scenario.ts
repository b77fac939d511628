import type { ClientOptions } from '../../src/index.js'
import type { RetryPolicy } from '../../src/options/options.js'
import type { Chance } from './chance.js'
import { narrowLimits } from './operations/beyond-limits.js'
import { password } from './operations/data.js'
import type { Path } from './wire.js'

export const retryPolicies: readonly RetryPolicy[] = ['never', 'read', 'idempotent', 'convergent', 'always']

/** What the server is like, for as long as the simulation lasts. */
export interface ServerKind {
  readonly password: string | undefined
  /** As of the model: what nobody may run. */
  readonly denied: readonly string[]
  readonly leavesTransactionsOpen: boolean
  readonly dropsAuthErrors: boolean
  readonly queryBufferLimit: number
  readonly countsTraffic: boolean
}

/** The functions among the options of the client. */
export interface UserCode {
  /** What the provider of credentials does. */
  provider: 'works' | 'throws' | 'rejects' | 'hangs' | 'is wrong'
  onCalled(place: 'credentials' | 'reconnect'): void
}

/** All that one seed decides before anything happens. */
export interface Scenario {
  readonly options: ClientOptions
  /** Milliseconds in which calls are made and faults happen; afterwards the network is well. */
  readonly duration: number
  /** How many callers call once, several at a time, and how many go on calling, one reply after the other. */
  readonly bursts: number
  readonly loops: number
  readonly faults: number
  /** The server may answer for a while that it can't run a command now. Order is not kept then: what was refused runs later. */
  readonly refusesAtTimes: boolean
  /** The client is closed or destroyed in the midst of it, instead of in the end. */
  readonly endsEarly: boolean
  readonly server: ServerKind
  /** Elements that others push, changes that they make to watched keys, and messages that they publish. */
  readonly stirs: number
  readonly subscriptions: number
  /** Code of the user calls the client while the client calls it. */
  readonly hasMeddler: boolean
  /** What happens where the client calls a function among its options. */
  readonly userCode: UserCode
  /** Bytes of a value at most: a large one on a slow line would take longer than any patience. */
  readonly largest: number
  path(): Path
}

export function makeScenario(chance: Chance): Scenario {
  const calm = chance.happens(0.3)
  const sendBuffer = chance.pick([200, 2_000, 50_000, 2_000_000])
  const piece = chance.pick([7, 300, 5_000, 64_000])
  const provesIncomplete = chance.happens(0.7)
  const largest = { 7: 100, 300: 5_000, 5000: 100_000, 64000: 3_000_000 }[piece] ?? 0
  const wantsPassword = chance.happens(0.2)
  const lateBy = chance.happens(0.25) ? chance.skewed(1, 5_000) : 0
  const server = anyServer(chance, wantsPassword, largest)
  const userCode: UserCode = { provider: 'works', onCalled: () => {} }
  return {
    userCode,
    options: {
      protocol: chance.pick([2, 3]),
      retry: chance.pick(retryPolicies),
      maxAttempts: chance.between(1, 4),
      timeout: chance.happens(0.3) ? chance.between(20, 1_000) : 0,
      queueTimeout: chance.happens(0.8) ? chance.between(50, 2_000) : 0,
      stallTimeout: chance.between(100, 1_000),
      pingInterval: chance.happens(0.7) ? chance.between(200, 2_000) : 0,
      connectTimeout: chance.between(50, 400),
      connectDeadline: chance.between(100, 1_500),
      fence: chance.pick(['try', 'try', 'require', 'off']),
      fenceTimeout: chance.skewed(50, 10_000),
      // Some bytes are delivered when the receipts of their calls have expired.
      ...(lateBy === 0 ? {} : { onceTtl: Math.ceil(lateBy / 2) }),
      reconnect: reconnectBy(chance, userCode),
      offline: chance.happens(0.85) ? 'queue' : 'reject',
      maxQueued: chance.happens(0.2) ? chance.between(1, 20) : 1_000,
      maxQueuedBytes: chance.happens(0.2) ? chance.between(100, 50_000) : 10_000_000,
      blocking: {
        maxConnections: chance.between(1, 5),
        idleTimeout: chance.between(20, 2_000),
        acquireTimeout: chance.between(50, 2_000),
      },
      // A large reply takes long on a slow line.
      ...(largest >= 100_000 && chance.happens(0.3) ? { limits: narrowLimits } : {}),
      ...(wantsPassword ? { credentials: () => provide(userCode) } : {}),
    },
    duration: chance.between(200, 3_000),
    bursts: chance.skewed(1, 12),
    loops: chance.skewed(0, 6),
    faults: calm ? chance.between(0, 1) : chance.between(1, 10),
    refusesAtTimes: chance.happens(0.3),
    endsEarly: chance.happens(0.25),
    stirs: chance.skewed(0, 60),
    subscriptions: chance.skewed(0, 5),
    hasMeddler: chance.happens(0.2),
    server,
    largest,
    path: () => ({
      latency: chance.pick([0.1, 1, 20]),
      piece,
      sendBuffer,
      provesIncomplete,
      lateBy,
    }),
  }
}

const deniedAtTimes: readonly (readonly string[])[] = [
  ['CLIENT|UNBLOCK'],
  ['CLIENT'],
  ['MULTI'],
  ['EXEC'],
  ['MULTI', 'EXEC'],
  ['MULTI', 'INCR'],
  ['INCR'],
  ['DISCARD', 'UNWATCH'],
  ['CLIENT|KILL'],
  ['CLIENT|INFO'],
  ['CLIENT|LIST'],
  ['INFO'],
]

function anyServer(chance: Chance, wantsPassword: boolean, largest: number): ServerKind {
  return {
    password: wantsPassword ? password : undefined,
    denied: chance.happens(0.25) ? chance.pick(deniedAtTimes) : [],
    leavesTransactionsOpen: chance.happens(0.3),
    dropsAuthErrors: chance.happens(0.3),
    countsTraffic: chance.happens(0.5),
    // Larger than any handshake.
    queryBufferLimit: chance.happens(0.1) ? Math.max(300, Math.floor(largest / chance.pick([2, 10, 100]))) : Infinity,
  }
}

/** The provider of credentials: it may throw at once, too. */
function provide(userCode: UserCode): Promise<{ readonly password: string }> {
  userCode.onCalled('credentials')
  switch (userCode.provider) {
    case 'throws':
      throw new Error('no credentials now')
    case 'rejects':
      return Promise.reject(new Error('no credentials now'))
    case 'hangs':
      return new Promise(() => {})
    case 'is wrong':
      return Promise.resolve({ password: `not ${password}` })
    case 'works':
      return Promise.resolve({ password })
  }
}

function reconnectBy(chance: Chance, userCode: UserCode): NonNullable<ClientOptions['reconnect']> {
  if (chance.happens(0.1)) return false
  if (chance.happens(0.2)) {
    return (attempt) => {
      userCode.onCalled('reconnect')
      return attempt > 3 ? false : attempt * 10
    }
  }
  const maxAttempts = chance.happens(0.2) ? chance.between(1, 4) : Infinity
  return { baseDelay: chance.between(1, 50), maxDelay: chance.pick([50, 200, 500, 2_000]), maxAttempts }
}
