import { parseArgs } from 'node:util'
import type { Pace } from './rounds.js'

/** What was asked for on the command line. */
export interface Flags extends Pace {
  /** Part of a title: nothing else is measured. */
  readonly only: string
  /** A smoke run: everything, once and briefly. Its figures mean nothing. */
  readonly quick: boolean
  /** Folder for the results; undefined where they are only shown: figures of a part, or of a smoke run, replace nothing. */
  readonly out: string | undefined
}

/**
 * @param resultsFolder where the results of a whole run go
 * @throws TypeError naming a flag that is unknown or impossible
 */
export function readFlags(args: readonly string[], resultsFolder: string): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      time: { type: 'string' },
      only: { type: 'string', default: '' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  })
  const { only, quick } = values
  const whole = only === '' && !quick
  return {
    rounds: wholeNumber('rounds', values.rounds ?? (quick ? '1' : '7')),
    time: wholeNumber('time', values.time ?? (quick ? '20' : '300')),
    only,
    quick,
    out: values.out ?? (whole ? resultsFolder : undefined),
  }
}

/** @throws TypeError naming the flag, where its text is not a whole number, or less than `least` */
export function wholeNumber(name: string, text: string, least = 1): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < least) {
    throw new TypeError(`--${name} must be a whole number, ${least} or more`)
  }
  return number
}
