import { Findings } from './findings.js'
import { playRound } from './round.js'
import type { Stage } from './stage.js'

/**
 * Looks for a few calls of a round that reproduce the same kind of finding: it leaves out halves, then quarters, and so on.
 * Findings that depend on timing may leave more calls than necessary.
 * @returns undefined if nothing was found
 */
export async function shrink(
  stage: Stage,
  seed: number,
  calls: number,
  only?: ReadonlySet<number>,
): Promise<string[] | undefined> {
  let left = [...(only ?? Array(calls).keys())]
  const kinds = await kindsOf(left)
  if (kinds.size === 0) return undefined
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left.length && left.length > 1; ) {
      const fewer = left.filter((_, index) => index < from || index >= from + size)
      const still = await kindsOf(fewer)
      if ([...kinds].some((kind) => still.has(kind))) left = fewer
      else from += size
    }
  }
  const findings = new Findings()
  const lines = await playRound(stage, findings, { seed, calls, only: new Set(left) })
  return [`--only ${left.join(',')}`, ...lines, ...findings.groups.map(({ first }) => `${first.kind}: ${first.detail}`)]

  async function kindsOf(indexes: readonly number[]): Promise<Set<string>> {
    const findings = new Findings()
    await playRound(stage, findings, { seed, calls, only: new Set(indexes) })
    return new Set(findings.groups.map(({ first }) => first.kind))
  }
}
