import { script } from '../../../src/index.js'
import { countsExecutions, type Maker } from './operation.js'

/** Prefixes that servers have a meaning for, and that any script may use. */
const prefixes = [
  'ERR',
  'BUSY',
  'LOADING',
  'READONLY',
  'NOSCRIPT',
  'MOVED',
  'ASK',
  'TRYAGAIN',
  'CLUSTERDOWN',
  'MASTERDOWN',
  'EXECABORT',
  'NOAUTH',
  'OOM',
] as const

const thenError = "redis.call('INCR', KEYS[1]) return redis.error_reply(ARGV[1])"
const counts = script<number>("return redis.call('INCR', KEYS[1])")
const thenErrorBySha = script(thenError)

/** Code of the user, which may do its work and then say anything. */
export const scriptMakers: readonly Maker[] = [
  (mark, chance) => {
    const prefix = chance.pick(prefixes)
    const bySha = chance.happens(0.5)
    // In the server's own words: whether the server lacks the script can't be told from them.
    const answer = prefix === 'NOSCRIPT' ? 'NOSCRIPT No matching script. Please use EVAL.' : `${prefix} so it says`
    return {
      kind: 'script that answers an error',
      title: `${bySha ? 'EVALSHA' : 'EVAL'}: INCR c:${mark}, answer ${prefix}`,
      retryClass: 'unsafe',
      runsUserCode: true,
      call: ({ view }) =>
        bySha
          ? view.run(thenErrorBySha, [`c:${mark}`], [answer])
          : view.call('EVAL', thenError, 1, `c:${mark}`, answer),
      judge: () => 'expected an error reply',
    }
  },
  (mark) => ({
    kind: 'script',
    title: `EVALSHA: INCR c:${mark}`,
    retryClass: 'unsafe',
    runsUserCode: true,
    call: ({ view }) => view.run(counts, [`c:${mark}`]),
    judge: countsExecutions,
  }),
]
