import type { Chance } from '../chance.js'

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

/** Members of a hash, a set and a sorted set that are there from the beginning. */
export const fixedMembers: readonly string[] = Array.from({ length: 12 }, (_, i) => `member:${i}`)

/** The number of one of them that is no larger. */
export const anyFixed = (chance: Chance, largest: number): number =>
  chance.between(0, fixedValues.filter(({ length }) => length <= largest).length - 1)

/** Lists that the world fills, and keys that it changes. */
export const queues = ['queue:0', 'queue:1', 'queue:2'] as const
export const contended = ['contended:0', 'contended:1'] as const

/** Streams that the world appends to. */
export const streams = ['stream:0', 'stream:1'] as const

/** The password of servers that want one; others let the user `default` in with any. */
export const password = 'open sesame'
