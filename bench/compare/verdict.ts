import type { Estimate } from './interval.js'

/** The meaning of a row's interval. Only `slower` fails the run. */
export type Verdict = 'faster' | 'no difference' | 'ok' | 'slower'

/** No row may be slower than this share of the speed of version 0.1. */
export const allowance = 0.97

/**
 * Decides the verdict for the ratio of a row: the speed of this build divided by that of version 0.1.
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
 * The limit for the time of a decoder for twice the bytes, divided by the time for the bytes. If bytes were parsed repeatedly, it
 * would be about 4. Version 0.1 has 1.8 to 2.3; the difference from 2 is due to the garbage collector and new memory.
 */
export const doublingLimit = 2.5

/** Whether the time of a decoder grows linearly with the bytes: at least the low end of the interval must be within the limit. */
export const isLinear = ({ low }: Estimate): boolean => low <= doublingLimit
