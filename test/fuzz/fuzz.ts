import { within } from '../../lab/within.js'
import { type Finding, Findings } from './findings.js'
import { playRound } from './round.js'
import { Stage } from './stage.js'

/** So many calls are made on one client. */
export const callsOfRound = 250

/** What is awaited in a round has bounds of its own, which together are less. */
const longestRoundMs = 60_000

export interface FuzzOptions {
  readonly calls: number
  readonly seed: number
  /** Of a server; undefined: one is started. */
  readonly url: string | undefined
  /** See RoundOptions. */
  readonly only: ReadonlySet<number> | undefined
  /** Called with the first finding of each group, as it is made. */
  readonly onFinding?: (finding: Finding) => void
  /** Called after each round, with what the round did. */
  readonly onRound?: (calls: number, lines: readonly string[]) => void
}

/** Makes so many random calls, right and wrong, in rounds of which each has the next seed. */
export async function fuzz({ calls, seed, url, only, onFinding, onRound }: FuzzOptions): Promise<Findings> {
  const findings = new Findings(onFinding)
  const stage = await Stage.open(url)
  try {
    for (let made = 0; made < calls; made += callsOfRound) {
      const count = Math.min(callsOfRound, calls - made)
      const round = { seed: seed + made / callsOfRound, calls: count, only }
      const lines = await within(longestRoundMs, playRound(stage, findings, round), undefined)
      if (lines === undefined)
        throw new Error(`the round of seed ${round.seed} has not ended within a minute: it is at ${stage.at}`)
      onRound?.(made + count, lines)
    }
  } finally {
    await stage.close()
  }
  return findings
}
