import { contended } from './data.js'
import { expectReply, type Maker } from './operation.js'

const runsOnceOrNot = (reply: unknown, executions: number): string | undefined => {
  if (reply === null) return executions === 0 ? undefined : `came to nothing, and ran ${executions} times`
  const wanted = JSON.stringify([1, 'within'])
  return JSON.stringify(reply) === wanted && executions === 1 ? undefined : `got ${JSON.stringify(reply)}`
}

/** What callers do with a connection for themselves. */
export const sessionMakers: readonly Maker[] = [
  (mark, chance) => {
    const key = chance.pick(contended)
    return {
      kind: 'session with WATCH',
      title: `session: WATCH ${key}, GET, MULTI INCR c:${mark} EXEC`,
      retryClass: 'unsafe',
      own: 'session',
      mayComeToNothing: true,
      call: ({ client }) =>
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
      kind: 'optimistic transaction',
      title: `transaction on ${key}: INCR c:${mark}`,
      retryClass: 'unsafe',
      own: 'session',
      call: ({ client }) =>
        client.transaction(key, async (session) => {
          await session.get(key)
          return session.multi().incr(`c:${mark}`).echo('within')
        }),
      judge: runsOnceOrNot,
    }
  },
  (mark) => ({
    kind: 'session',
    title: `session: GET fixed:1, INCR c:${mark}`,
    retryClass: 'unsafe',
    own: 'session',
    call: ({ client }) =>
      client.session(async (session) => {
        const value = await session.get('fixed:1')
        await session.incr(`c:${mark}`)
        return value
      }),
    judge: expectReply('one line'),
  }),
  (mark) => ({
    kind: 'session with a command left behind',
    title: `session: SELECT 1, SET s:${mark}, a command left behind`,
    retryClass: 'unsafe',
    own: 'session',
    call: ({ client }) =>
      client.session(async (session) => {
        await session.select(1)
        const reply = await session.set(`s:${mark}`, 'v')
        void session.get('in database 1').catch(() => {})
        return reply
      }),
    judge: expectReply('OK'),
  }),
  (mark, chance) => {
    const waitMs = chance.between(100, 500)
    const patience = chance.between(1, 50)
    return {
      kind: 'session with two waits',
      title: `session: BLPOP nothing:${mark} for ${waitMs} ms, one more behind it given up after ${patience} ms`,
      retryClass: 'unsafe',
      own: 'session',
      mostPending: 2,
      failsForOthers: true,
      mayComeToNothing: true,
      call: ({ client, clock }) =>
        client.session(async (session) => {
          const begin = clock.now()
          const first = session.blpop([`nothing:${mark}`], waitMs / 1_000)
          const second = session.with({ timeout: patience }).blpop(['nothing'], 0)
          const [reply] = await Promise.all([first, second.catch(() => null)])
          return reply === null && clock.now() - begin < waitMs - 0.01 ? 'ended before its time' : reply
        }),
      judge: expectReply(null),
    }
  },
  (mark) => ({
    kind: 'session with MULTI by hand',
    title: `session: MULTI, INCR c:${mark}, EXEC by hand, and a GET behind`,
    retryClass: 'unsafe',
    own: 'session',
    mayComeToNothing: true,
    failsForOthers: true,
    call: ({ client }) =>
      client.session(async (session) => {
        await session.call('MULTI')
        await session.incr(`c:${mark}`)
        const result = await session.call('EXEC').catch((error: Error) => `rejected: ${error.message}`)
        const value = await session.get('fixed:1')
        return value === 'one line' ? 'as it should be' : `EXEC gave ${result}, and the GET behind it ${value}`
      }),
    judge: expectReply('as it should be'),
  }),
]
