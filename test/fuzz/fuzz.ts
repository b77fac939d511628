import { within } from '../../lab/within.js'
import { type Finding, Findings } from './findings.js'
import { playRound } from './round.js'
import { Stage } from './stage.js'

/** The number of calls that one client makes. */
export const callsOfRound = 250

/** Longer than all waits of a round together, each of which has its own limit. */
const longestRoundMs = 60_000

export interface FuzzOptions {
  readonly calls: number
  readonly seed: number
  /** URL of the server; undefined: one is started. */
  readonly url: string | undefined
  /** See RoundOptions. */
  readonly only: ReadonlySet<number> | undefined
  /** Called with the first finding of each group, at once. */
  readonly onFinding?: (finding: Finding) => void
  /** Called after each round, with a description of its calls. */
  readonly onRound?: (calls: number, lines: readonly string[]) => void
}

/** Makes random calls, right and wrong, in rounds: each round uses the next seed. */
export async function fuzz({ calls, seed, url, only, onFinding, onRound }: FuzzOptions): Promise<Findings> {
  const findings = new Findings(onFinding)
  const stage = await Stage.open(url)
  try {
    for (let made = 0; made < calls; made += callsOfRound) {
      const count = Math.min(callsOfRound, calls - made)
      const round = { seed: seed + made / callsOfRound, calls: count, only }
      const lines = await within(longestRoundMs, playRound(stage, findings, round), undefined)
      if (lines === undefined)
        throw new Error(`the round of seed ${round.seed} has not ended within a minute: ${stage.steps}`)
      onRound?.(made + count, lines)
    }
  } finally {
    await stage.close()
  }
  return findings
}
