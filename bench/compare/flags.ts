import { parseArgs } from 'node:util'
import { wholeNumber } from '../../scripts/command-line.js'
import type { Pace } from '../rounds.js'

/** What is asked for on the command line. */
export interface Flags extends Pace {
  /** Part of a title: nothing else is measured. */
  readonly only: string
  /** Whether version 0.1 is compared with itself instead of with the working tree. */
  readonly self: boolean
  /** Markdown file for the report; the raw figures are written to a JSON file in the same folder. Undefined: nothing is written. */
  readonly out: string | undefined
}

export const help = `npm run bench:compare [-- OPTIONS]: the speed of the working tree, compared with version 0.1

  --rounds N       rounds of each row; default 20, at least 2
  --time MS        length of one turn in a round; default 40
  --only TEXT      only the rows whose title contains TEXT
  --out FILE.md    write the report to FILE.md, and the figures of every round to FILE.json. Default: nothing is written
  --baseline self  compare version 0.1 with itself: every difference is a false alarm
  --list           list the titles of the rows, for --only
  --help           show this text

Exits with 1 if a row is slower than allowed, with 2 if an option is wrong or nothing can be compared.`

/** @throws TypeError naming a flag that is unknown or invalid */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '20' },
      time: { type: 'string', default: '40' },
      only: { type: 'string', default: '' },
      baseline: { type: 'string', default: '0.1' },
      out: { type: 'string' },
    },
  })
  const { only, baseline, out } = values
  if (baseline !== '0.1' && baseline !== 'self') throw new TypeError('--baseline must be 0.1 or self')
  if (out !== undefined && !out.endsWith('.md')) throw new TypeError('--out must name a file that ends in .md')
  return {
    // One round has no interval.
    rounds: wholeNumber('rounds', values.rounds, 2),
    time: wholeNumber('time', values.time),
    only,
    self: baseline === 'self',
    out,
  }
}
