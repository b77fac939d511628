import type { Estimate } from './interval.js'

/** What a row's interval says. Only `slower` fails the run. */
export type Verdict = 'faster' | 'no difference' | 'ok' | 'slower'

/** No row may fall below this share of the speed of version 0.1. */
export const allowance = 0.97

/**
 * Judges the ratio of a row: this build's speed, divided by that of version 0.1.
 *
 * | interval | verdict |
 * | --- | --- |
 * | all of it above 1 | faster |
 * | contains 1 | no difference |
 * | all of it below 1, but not all below 0.97 | ok: slower, within what is allowed |
 * | all of it below 0.97 | slower: the run fails |
 */
export function judge({ low, high }: Estimate): Verdict {
  if (low > 1) return 'faster'
  if (high < allowance) return 'slower'
  return high < 1 ? 'ok' : 'no difference'
}

/**
 * How many times as long twice the bytes may take to decode. A decoder that parses bytes twice takes about four times as
 * long. Version 0.1 takes 1.8 to 2.3 times as long: what differs from 2 is the garbage collector, and fresh memory.
 */
export const doublingLimit = 2.5

/** Whether the time of a decoder grows with the number of bytes, and not faster: even the low end must be within the limit. */
export const isLinear = ({ low }: Estimate): boolean => low <= doublingLimit
