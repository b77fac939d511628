import { contended } from './data.js'
import { expectReply, type Maker } from './operation.js'

const runsOnceOrNot = (reply: unknown, executions: number): string | undefined => {
  if (reply === null) return executions === 0 ? undefined : `came to nothing, and ran ${executions} times`
  const wanted = JSON.stringify([1, 'within'])
  return JSON.stringify(reply) === wanted && executions === 1 ? undefined : `got ${JSON.stringify(reply)}`
}

/** Commands that differ in their element. */
const withElement = (args: readonly Buffer[]): string => `${args[0]} ${args[2]}`

/** What is wrong with the replies to CLIENT REPLY, and to a RPUSH behind each, and with the list in the end. */
function judgeSilence(
  modes: readonly string[],
  replies: readonly (readonly unknown[])[],
  list: readonly string[],
): string | undefined {
  // What was refused without a reply is not in it.
  if (list.some((item, i) => i > 0 && Number(item) <= Number(list[i - 1]))) return `the list is ${list.join(' ')}`
  let isOff = false
  for (const [index, [answer, ...lengths]] of replies.entries()) {
    const mode = modes[index]
    isOff = mode === 'OFF' || (mode === 'SKIP' && isOff)
    if ((mode === 'ON') !== (answer === 'OK')) return `CLIENT REPLY ${mode} gave ${String(answer)}`
    for (const [place, length] of lengths.entries()) {
      const element = String(2 * index + place)
      // SKIP leaves out the reply to the next command only.
      const isSilent = isOff || (mode === 'SKIP' && place === 0)
      if (isSilent ? length !== null && length !== undefined : length !== list.indexOf(element) + 1) {
        return `RPUSH ${element} gave ${String(length)}`
      }
    }
  }
  return undefined
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
  (mark, chance) => {
    const count = chance.between(2, 8)
    return {
      kind: 'session with a pipeline on one key',
      title: `session: ${count} times RPUSH in:${mark}, LRANGE`,
      retryClass: 'unsafe',
      own: 'session',
      mostPending: count + 1,
      failsForOthers: true,
      runKey: withElement,
      call: ({ client }) =>
        client.session(async (session) => {
          const results = Array.from({ length: count }, (_, i) =>
            session.call('RPUSH', `in:${mark}`, String(i)).then(
              () => 'ran' as const,
              ({ fate }: { readonly fate: string }) => fate,
            ),
          )
          const list = (await session.call('LRANGE', `in:${mark}`, 0, -1)) as string[]
          const fates = await Promise.all(results)
          const isInOrder = list.every((item, i) => i === 0 || Number(item) > Number(list[i - 1]))
          if (!isInOrder) return `ran in the order ${list.join(' ')}`
          const wrong = fates.findIndex((fate, i) => (fate === 'ran') !== list.includes(String(i)))
          return wrong === -1
            ? 'as it should be'
            : `command ${wrong} is called ${fates[wrong]}, and the list is ${list.join(' ')}`
        }),
      judge: expectReply('as it should be'),
    }
  },
  (mark, chance) => {
    const key = chance.pick(contended)
    return {
      kind: 'session that leaves a key watched',
      title: `session: INCR c:${mark}, WATCH ${key}, and no EXEC`,
      retryClass: 'unsafe',
      own: 'session',
      failsForOthers: true,
      call: ({ client }) =>
        client.session(async (session) => {
          const reply = await session.incr(`c:${mark}`)
          await session.watch(key)
          return reply
        }),
      judge: expectReply(1),
    }
  },
  (mark, chance) => {
    const modes = Array.from({ length: chance.between(1, 4) }, () => chance.pick(['OFF', 'SKIP', 'ON'] as const))
    // Long enough for PINGs of the client.
    const pause = chance.happens(0.3) ? chance.between(100, 2_500) : 0
    return {
      kind: 'session with CLIENT REPLY',
      title: `session: CLIENT REPLY ${modes.join(', ')}, two RPUSH silent:${mark} behind each`,
      retryClass: 'unsafe',
      own: 'session',
      mostPending: modes.length * 3 + 2,
      failsForOthers: true,
      runKey: withElement,
      call: ({ client, clock }) =>
        client.session(async (session) => {
          const replies = await Promise.all(
            modes.map(async (mode, i) => {
              const answer = session.call('CLIENT', 'REPLY', mode)
              const lengths = [0, 1].map((j) => session.call('RPUSH', `silent:${mark}`, String(2 * i + j)))
              return Promise.all([answer, ...lengths])
            }),
          )
          if (pause > 0) await new Promise<void>((resolve) => clock.scheduleLocally(pause, resolve))
          await session.call('CLIENT', 'REPLY', 'ON')
          return [replies, await session.call('LRANGE', `silent:${mark}`, 0, -1)] as const
        }),
      judge: (result) => judgeSilence(modes, ...(result as [readonly (readonly unknown[])[], readonly string[]])),
    }
  },
  (mark, chance) => {
    // Long enough for PINGs of the client.
    const pause = chance.happens(0.3) ? chance.between(100, 2_500) : 0
    return {
      kind: 'session with MULTI by hand',
      title: `session: MULTI, INCR c:${mark}, EXEC by hand, and a GET behind`,
      retryClass: 'unsafe',
      own: 'session',
      mayComeToNothing: true,
      failsForOthers: true,
      call: ({ client, clock }) =>
        client.session(async (session) => {
          await session.call('MULTI')
          await session.incr(`c:${mark}`)
          if (pause > 0) await new Promise<void>((resolve) => clock.scheduleLocally(pause, resolve))
          const result = await session.call('EXEC').catch((error: Error) => `rejected: ${error.message}`)
          const value = await session.get('fixed:1')
          if (result === null) return 'EXEC came to nothing, and nothing was watched'
          if (Array.isArray(result) && result.length !== 1) return `EXEC gave ${JSON.stringify(result)}`
          return value === 'one line' ? 'as it should be' : `EXEC gave ${result}, and the GET behind it ${value}`
        }),
      judge: expectReply('as it should be'),
    }
  },
]
