import type { Chance } from '../chance.js'
import { markOf } from './mark.js'
import type { Maker, Operation } from './operation.js'

/** The option `limits` of clients that are given replies beyond it. No other reply holds so long a string. */
export const narrowLimits = { bulkBytes: 30_000 } as const

/** A key whose value is beyond it. */
export const beyondKey = 'beyond the limit'
export const beyondValue = 'z'.repeat(50_000)

const makers: readonly Maker[] = [
  (mark) => ({
    kind: 'MGET beyond the limit',
    title: `MGET absent:${mark}, and a value beyond the limit`,
    retryClass: 'read',
    call: ({ view }) => view.call('MGET', `absent:${mark}`, beyondKey),
    judge: () => 'resolved, and its reply is beyond the limit',
  }),
  (mark) => ({
    kind: 'MULTI beyond the limit',
    title: `MULTI INCR c:${mark} GET beyond the limit EXEC`,
    retryClass: 'unsafe',
    call: ({ view }) => view.multi().call('INCR', `c:${mark}`).call('GET', beyondKey).exec(),
    judge: () => 'resolved, and its reply is beyond the limit',
  }),
]

/** A call whose reply is beyond the limits of the client. */
export const makeBeyondLimits = (number: number, chance: Chance): Operation =>
  chance.pick(makers)(markOf(number), chance, Infinity)
