import { queues } from './data.js'
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
