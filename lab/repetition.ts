import { groupBy } from './group-by.js'
import type { Performance } from './recording/trace.js'
import { summarize } from './summary.js'
import { judgePerformance } from './verdict.js'

/**
 * Of several runs of each scenario with each client, the one to show: the first of those with the most frequent result. It has the
 * results of all of them.
 *
 * @param all in any order; those of one scenario and client in order of time
 */
export function combineRuns(all: readonly Performance[]): Performance[] {
  const groups = groupBy(all, ({ scenario, client }) => `${scenario} ${client}`)
  return [...groups.values()].map((group) => {
    const runs = group.map((each) => ({ result: summarize(each), isGood: judgePerformance(each).isGood }))
    const counts = groupBy(runs, ({ result }) => result)
    const frequency = runs.map(({ result }) => counts.get(result)?.length ?? 0)
    const shown = group[frequency.indexOf(Math.max(...frequency))] as Performance
    return group.length === 1 ? shown : { ...shown, runs }
  })
}

/** The result of a scenario with a client, of all its runs. */
export interface Result {
  readonly text: string
  /** Whether every run is good. */
  readonly isGood: boolean
  /** Whether the runs have different results. */
  readonly differs: boolean
}

/** The result of a run, or of all runs that it stands for. */
export function resultOf(performance: Performance): Result {
  const runs = performance.runs ?? [{ result: summarize(performance), isGood: judgePerformance(performance).isGood }]
  const results = runs.map(({ result }) => result)
  return {
    text: combineResults(results),
    isGood: runs.every(({ isGood }) => isGood),
    differs: new Set(results).size > 1,
  }
}

/**
 * Results of several runs in one text. Those that differ only in their numbers are one result, with the numbers that occurred:
 * `1 or 3 may or may not have run`, `31 to 35 may or may not have run`.
 */
export function combineResults(results: readonly string[]): string {
  const shapes = groupBy(results, (result) => result.replaceAll(/\d+/g, '#'))
  const byFrequency = [...shapes].toSorted(([, a], [, b]) => b.length - a.length)
  return byFrequency
    .map(([shape, alike]) => {
      const numbers = alike.map((result) => (result.match(/\d+/g) ?? []).map(Number))
      let index = 0
      return shape.replaceAll('#', () => {
        const position = index
        index += 1
        return rangeOf(numbers.map((each) => each[position] as number))
      })
    })
    .join('; or ')
}

function rangeOf(numbers: readonly number[]): string {
  const different = [...new Set(numbers)].toSorted((a, b) => a - b)
  return different.length <= 2 ? different.join(' or ') : `${different[0]} to ${different.at(-1)}`
}
