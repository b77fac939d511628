import type { Client } from '../../src/client.js'
import type { RetryClass } from '../../src/commands/retry.js'
import type { ScopedClient } from '../../src/dispatch/scoped-client.js'
import type { Chance } from './chance.js'

/** One thing that a caller can ask of a client, and how its reply is judged. */
export interface Operation {
  readonly title: string
  readonly retryClass: RetryClass
  /** Its frame is handed to the network in several writes: when it begins to be written is not seen. */
  readonly isLarge?: boolean
  /** It runs on a connection of its own: for a blocking command, or for a session. */
  readonly own?: 'blocking' | 'session'
  /** Milliseconds, where it has a time limit whatever the settings. */
  readonly timeout?: number
  /** It may be answered without having been run: there was nothing to be had, or a watched key was changed. */
  readonly mayComeToNothing?: boolean
  call(view: ScopedClient, client: Client): Promise<unknown>
  /**
   * What is wrong with a reply; undefined when it is the right one.
   * @param executions how often the server has run it by then
   */
  judge(reply: unknown, executions: number): string | undefined
}

/** Values that are there from the beginning, of all sizes; no operation changes them. */
export const fixedValues: readonly string[] = [
  '',
  'one line',
  'two\r\nlines',
  '$5\r\nhello\r\n',
  'x'.repeat(1_000),
  'grüße '.repeat(500),
  'y'.repeat(20_000),
]

/** The mark by which an operation is known wherever its bytes turn up: an argument that holds it. */
export const mark = (number: number): string => `t${number}`

/** The number of the operation that a command belongs to; undefined when it carries no mark. */
export function operationOf(args: readonly Buffer[]): number | undefined {
  for (const arg of args) {
    if (arg.length > 24) continue
    const match = /(?:^|:)t(\d+)$/.exec(arg.toString('latin1'))
    if (match !== null) return Number(match[1])
  }
  return undefined
}

type Maker = (mark: string, chance: Chance, largest: number) => Operation

const expect =
  (wanted: unknown) =>
  (reply: unknown): string | undefined =>
    JSON.stringify(reply) === JSON.stringify(wanted)
      ? undefined
      : `expected ${JSON.stringify(wanted).slice(0, 60)}, got ${JSON.stringify(reply)?.slice(0, 60)}`

/** A reply that counts the executions, of which the reply may be any one's. */
const countsExecutions = (reply: unknown, executions: number): string | undefined =>
  typeof reply === 'number' && reply >= 1 && reply <= executions
    ? undefined
    : `expected a number from 1 to ${executions}, got ${JSON.stringify(reply)}`

const anyFixed = (chance: Chance, largest: number): number =>
  chance.between(0, fixedValues.filter(({ length }) => length <= largest).length - 1)

const makers: readonly Maker[] = [
  (mark) => ({
    title: `ECHO ${mark}`,
    retryClass: 'read',
    call: (view) => view.echo(mark),
    judge: expect(mark),
  }),
  (mark, chance, largest) => {
    const index = anyFixed(chance, largest)
    return {
      title: `MGET absent:${mark} fixed:${index}`,
      retryClass: 'read',
      call: (view) => view.mget(`absent:${mark}`, `fixed:${index}`),
      judge: expect([null, fixedValues[index]]),
    }
  },
  (mark, chance, largest) => {
    const size = chance.skewed(0, chance.happens(0.05) ? largest : Math.min(largest, 20_000))
    return {
      title: `SET s:${mark} (${size} bytes)`,
      isLarge: size > 250_000,
      retryClass: 'idempotent',
      call: (view) => view.set(`s:${mark}`, 'v'.repeat(size)),
      judge: expect('OK'),
    }
  },
  (mark) => ({
    title: `SADD set:${mark}`,
    retryClass: 'convergent',
    call: (view) => view.sadd(`set:${mark}`, 'member'),
    judge: (reply, executions) =>
      reply === 1 || (reply === 0 && executions > 1) ? undefined : `got ${reply} after ${executions} executions`,
  }),
  (mark) => ({
    title: `INCR c:${mark}`,
    retryClass: 'unsafe',
    call: (view) => view.incr(`c:${mark}`),
    judge: countsExecutions,
  }),
  (mark) => ({
    title: `RPUSH l:${mark}`,
    retryClass: 'unsafe',
    call: (view) => view.rpush(`l:${mark}`, 'element'),
    judge: countsExecutions,
  }),
  (mark) => ({
    title: `SET s:${mark} NX`,
    retryClass: 'unsafe',
    call: (view) => view.set(`s:${mark}`, 'v', 'NX'),
    judge: (reply, executions) =>
      reply === 'OK' || (reply === null && executions > 1) ? undefined : `got ${reply} after ${executions} executions`,
  }),
  (mark) => ({
    title: `MULTI RPUSH l:${mark} INCR c:${mark} EXEC`,
    retryClass: 'unsafe',
    call: (view) => view.multi().rpush(`l:${mark}`, 'element').echo('within').incr(`c:${mark}`).exec(),
    judge: (reply, executions) => {
      if (!Array.isArray(reply) || reply.length !== 3 || reply[1] !== 'within') return `got ${JSON.stringify(reply)}`
      return reply[0] === reply[2] ? countsExecutions(reply[0], executions) : 'its commands did not run together'
    },
  }),
  (mark, chance, largest) => {
    const index = anyFixed(chance, largest)
    return {
      title: `MULTI ECHO ${mark} GET fixed:${index} EXEC`,
      retryClass: 'read',
      call: (view) => view.multi().echo(mark).get(`fixed:${index}`).exec(),
      judge: expect([mark, fixedValues[index]]),
    }
  },
]

/** Lists that the world fills, and keys that it changes. */
export const queues = ['queue:0', 'queue:1', 'queue:2'] as const
export const contended = ['contended:0', 'contended:1'] as const

const takesOneOrNothing = (reply: unknown, executions: number): string | undefined => {
  if (reply === null) return undefined
  const isElement = Array.isArray(reply) && reply.length === 2 && /^element \d+$/.test(String(reply[1]))
  return isElement && executions > 0 ? undefined : `got ${JSON.stringify(reply)} after ${executions} executions`
}

const runsOnceOrNot = (reply: unknown, executions: number): string | undefined => {
  if (reply === null) return executions === 0 ? undefined : `came to nothing, and ran ${executions} times`
  const wanted = JSON.stringify([1, 'within'])
  return JSON.stringify(reply) === wanted && executions === 1 ? undefined : `got ${JSON.stringify(reply)}`
}

/** What needs a connection of its own. */
const ownMakers: readonly Maker[] = [
  (mark, chance) => {
    const seconds = chance.between(5, 1_500) / 1_000
    const queue = chance.pick(queues)
    return {
      title: `BLPOP nothing:${mark} ${queue} ${seconds}`,
      retryClass: 'unsafe',
      own: 'blocking',
      mayComeToNothing: true,
      call: (view) => view.blpop([`nothing:${mark}`, queue], seconds),
      judge: takesOneOrNothing,
    }
  },
  (mark, chance) => {
    const queue = chance.pick(queues)
    const patience = chance.between(1, 500)
    return {
      title: `BRPOP ${queue} nothing:${mark} 0, for ${patience} ms`,
      retryClass: 'unsafe',
      own: 'blocking',
      mayComeToNothing: true,
      timeout: patience,
      call: (view) => view.with({ timeout: patience }).brpop([queue, `nothing:${mark}`], 0),
      judge: takesOneOrNothing,
    }
  },
  (mark, chance) => {
    const key = chance.pick(contended)
    return {
      title: `session: WATCH ${key}, GET, MULTI INCR c:${mark} EXEC`,
      retryClass: 'unsafe',
      own: 'session',
      mayComeToNothing: true,
      call: (_, client) =>
        client.session(async (session) => {
          await session.watch(key)
          await session.get(key)
          return session.multi().incr(`c:${mark}`).echo('within').exec()
        }),
      judge: runsOnceOrNot,
    }
  },
  (mark, chance) => {
    const key = chance.pick(contended)
    return {
      title: `transaction on ${key}: INCR c:${mark}`,
      retryClass: 'unsafe',
      own: 'session',
      call: (_, client) =>
        client.transaction(key, async (session) => {
          await session.get(key)
          return session.multi().incr(`c:${mark}`).echo('within')
        }),
      judge: runsOnceOrNot,
    }
  },
  (mark) => ({
    title: `session: GET fixed:1, INCR c:${mark}`,
    retryClass: 'unsafe',
    own: 'session',
    call: (_, client) =>
      client.session(async (session) => {
        const value = await session.get('fixed:1')
        await session.incr(`c:${mark}`)
        return value
      }),
    judge: expect('one line'),
  }),
  (mark) => ({
    title: `session: SELECT 1, SET s:${mark}, a command left behind`,
    retryClass: 'unsafe',
    own: 'session',
    call: (_, client) =>
      client.session(async (session) => {
        await session.select(1)
        const reply = await session.set(`s:${mark}`, 'v')
        void session.get('in database 1').catch(() => {})
        return reply
      }),
    judge: expect('OK'),
  }),
]

/** Commands that the server answers with an error, having done nothing. */
const failing: Maker = (mark) => ({
  title: `LPUSH fixed:1 ${mark} (WRONGTYPE)`,
  retryClass: 'unsafe',
  call: (view) => view.lpush('fixed:1', mark),
  judge: () => 'expected an error reply',
})

/**
 * Any operation.
 * @param largest bytes of its values at most
 */
export function makeOperation(number: number, chance: Chance, largest: number): Operation {
  if (chance.happens(0.05)) return failing(mark(number), chance, largest)
  return chance.pick(chance.happens(0.25) ? ownMakers : makers)(mark(number), chance, largest)
}
