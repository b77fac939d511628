import { queues, streams } from './data.js'
import type { Maker } from './operation.js'

const takesOneOrNothing = (reply: unknown, executions: number): string | undefined => {
  if (reply === null) return undefined
  const isElement = Array.isArray(reply) && reply.length === 2 && /^element \d+$/.test(String(reply[1]))
  return isElement && executions > 0 ? undefined : `got ${JSON.stringify(reply)} after ${executions} executions`
}

/** Commands that wait at the server, each on a pooled connection. */
export const blockingMakers: readonly Maker[] = [
  (mark, chance) => {
    const seconds = chance.between(5, 1_500) / 1_000
    const queue = chance.pick(queues)
    return {
      kind: 'BLPOP',
      title: `BLPOP nothing:${mark} ${queue} ${seconds}`,
      retryClass: 'unsafe',
      own: 'blocking',
      mayComeToNothing: true,
      call: ({ view }) => view.blpop([`nothing:${mark}`, queue], seconds),
      judge: takesOneOrNothing,
    }
  },
  (mark, chance) => {
    const queue = chance.pick(queues)
    const patience = chance.between(1, 500)
    return {
      kind: 'BRPOP given up',
      title: `BRPOP ${queue} nothing:${mark} 0, for ${patience} ms`,
      retryClass: 'unsafe',
      own: 'blocking',
      mayComeToNothing: true,
      timeout: patience,
      call: ({ view }) => view.with({ timeout: patience }).brpop([queue, `nothing:${mark}`], 0),
      judge: takesOneOrNothing,
    }
  },
  (mark, chance) => {
    const wait = chance.between(5, 800)
    const isGivenUp = chance.happens(0.4)
    const patience = chance.between(1, 500)
    const stream = chance.pick(streams)
    const after = chance.pick(['$', '0'] as const)
    return {
      kind: isGivenUp ? 'XREAD BLOCK given up' : 'XREAD BLOCK',
      title: `XREAD BLOCK ${wait} STREAMS nothing:${mark} ${stream} 0 ${after}${isGivenUp ? `, for ${patience} ms` : ''}`,
      retryClass: 'read',
      own: 'blocking',
      mayComeToNothing: true,
      wait,
      ...(isGivenUp ? { timeout: patience } : {}),
      call: ({ view }) =>
        (isGivenUp ? view.with({ timeout: patience }) : view).call(
          'XREAD',
          'BLOCK',
          wait,
          'STREAMS',
          `nothing:${mark}`,
          stream,
          0,
          after,
        ),
      judge: (reply) => {
        if (reply === null) return undefined
        const ids = [...JSON.stringify(reply).matchAll(/"(\d+)-(\d+)"/g)].map(([, ms, sequence]) => [
          Number(ms),
          Number(sequence),
        ])
        const isAscending = ids.every(
          ([ms = 0, sequence = 0], i) =>
            i === 0 || ms > (ids[i - 1]?.[0] ?? 0) || (ms === ids[i - 1]?.[0] && sequence > (ids[i - 1]?.[1] ?? 0)),
        )
        return ids.length > 0 && isAscending ? undefined : `got ${JSON.stringify(reply).slice(0, 100)}`
      },
    }
  },
  (mark, chance, largest) => {
    const count = Math.floor(chance.skewed(1, Math.min(largest, 60_000)) / 40) + 1
    const keys = Array.from({ length: count }, (_, i) => `nothing:${i}:`.padEnd(36, 'k'))
    const queue = chance.pick(queues)
    return {
      kind: 'BLPOP of many keys',
      title: `BLPOP nothing:${mark} and ${count} more`,
      retryClass: 'unsafe',
      own: 'blocking',
      mayComeToNothing: true,
      call: ({ view }) => view.blpop([`nothing:${mark}`, ...keys, queue], 0.05),
      judge: takesOneOrNothing,
    }
  },
]
