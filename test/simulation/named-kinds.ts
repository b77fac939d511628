import { carriers } from './operations/carriers.js'
import type { Tally } from './tally.js'

/** So often at least each named kind must occur in 10,000 seeds. */
const leastOfTenThousand = 100

/** From so many seeds on it is checked; of fewer than 10,000, half the rate will do. */
export const leastSeeds = 1_000

const kinds: Readonly<Record<string, readonly string[]>> = {
  '': [
    'BLPOP',
    'BLPOP of many keys',
    'BRPOP given up',
    'ECHO',
    'HSET on a common key',
    'INCR',
    'INCR once',
    'LPUSH of the wrong type',
    'MGET',
    'MGET beyond the limit',
    'MULTI',
    'MULTI beyond the limit',
    'MULTI on common keys',
    'MULTI once',
    'RPUSH',
    'RPUSH on a common key',
    'RPUSH once, with an id',
    'SADD',
    'SET NX',
    'SET of a string',
    'SET on a common key',
    'XREAD BLOCK',
    'XREAD BLOCK given up',
    'argument that can not be sent',
    'argument that lies about its length',
    'bytes delivered late',
    'effect of bytes of a lost connection',
    'optimistic transaction',
    'scan',
    'script',
    'script on a common key',
    'script that answers an error',
    'session',
    'session with AUTH, HELLO, RESET',
    'session with CLIENT REPLY',
    'session with MULTI by hand',
    'session with WATCH',
    'session that leaves a key watched',
    'session with a command left behind',
    'session with a pipeline on one key',
    'session with two waits',
    'subscription by channel',
    'subscription by pattern',
    'subscription by shard',
    'subscription to many channels',
  ],
  'fault: ': [
    'black hole',
    'busy',
    'busy at EXEC',
    'closed by the server',
    'closed in mid-reply',
    'closed right after a reply',
    'connecting fails',
    'credentials fail',
    'event loop held up',
    'failover',
    'garbage',
    'loading',
    'read-only',
    'reset',
    'server restarted',
    'stalled towards the client',
    'stalled towards the server',
  ],
  'fenced: ': ['true', 'false'],
  'resolved: ': ['unknown', 'executed', 'refused', 'not-executed'],
  'meddling: in ': [
    'a status listener',
    'an error listener',
    'credentials',
    'onError',
    'onGap',
    'onMessage',
    'reconnect',
  ],
  'verdict: ': ['executed', 'not-executed', 'refused', 'resolved', 'resolved after another attempt', 'unknown'],
  'error: ': [
    'ABORT_ERR',
    'CLIENT_CLOSED',
    'CONNECTION_LOST',
    'CONNECT_FAILED',
    'HANDSHAKE_FAILED',
    'OFFLINE',
    'QUEUE_FULL',
    'REPLY_ERROR',
    'SESSION_LOST',
    'TIMEOUT',
    'TRANSACTION_FAILED',
    'USAGE',
  ],
  'invariant: ': [
    'a connection that is given up for its silence owes something',
    'all waits of a command together are as long as it asked for',
    'a late reply is the right one',
    'a message bears the gaps before it',
    'a promise settles',
    'a time limit is kept',
    'attempts to connect are counted',
    'effects come in the order of the calls',
    'nothing is left after the end',
    'nothing is left at rest',
    'what runs is what was called',
    'what was missed is within a gap',
  ],
}

const meddlings = ['', ', caller overwrites it', ', caller transfers it', ', caller resizes it']

/** Every kind of call, fault, verdict and invariant that the simulation is to bring about. */
export const namedKinds: readonly string[] = [
  ...Object.entries(kinds).flatMap(([group, names]) => names.map((name) => group + name)),
  ...carriers.flatMap(({ kind }) => meddlings.map((meddling) => `buffer by ${kind}${meddling}`)),
]

/**
 * What is wrong with how often each kind occurred; nothing in runs that are too short to tell.
 * @param named every kind that must occur
 */
export function* wrongsOfTally(tally: Tally, seeds: number, named = namedKinds): Generator<string> {
  if (seeds < leastSeeds) return
  const rate = (leastOfTenThousand * seeds) / 10_000
  const least = seeds < 10_000 ? rate / 2 : rate
  for (const kind of named) {
    const count = tally.countOf(kind)
    if (count < least) yield `${kind}: ${count} times in ${seeds} seeds, of ${Math.ceil(least)} at least`
  }
  const names = new Set(named)
  for (const kind of tally.kinds) {
    if (!names.has(kind) && !kind.startsWith('error: ')) yield `${kind} occurs, and is not named in named-kinds.ts`
  }
}
