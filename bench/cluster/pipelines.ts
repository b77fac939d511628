import { median } from '../quantile.js'
import { orderOf, withNew } from '../rounds.js'
import type { Pipelines } from './child.js'
import type { Contender } from './rates.js'

/** What a client made of pipelines in all rounds. */
export interface PipelineFigures {
  readonly client: string
  readonly calls: PipelineRounds
  readonly pipeline: PipelineRounds
}

/** Of each round, the milliseconds of its pipelines; or why they are refused; undefined: the client has no other way than calls. */
export type PipelineRounds =
  | { readonly rounds: readonly (readonly number[])[] }
  | { readonly refusal: string }
  | undefined

/** How often to measure. */
export interface PipelinePace {
  readonly rounds: number
  /** Pipelines of a client in a round, after as many that are not measured. */
  readonly count: number
}

/**
 * Measures pipelines in rounds, each in new processes and begun by another client, as `measure` does with rates.
 *
 * @param start starts the clients
 */
export async function measurePipelines(
  start: () => Promise<readonly Contender[]>,
  { rounds, count }: PipelinePace,
): Promise<readonly PipelineFigures[]> {
  const measured = new Map<string, Record<'calls' | 'pipeline', PipelineRounds>>()
  const startClosable = async () =>
    (await start()).map(({ label, channel }) => ({ label, channel, close: () => channel.end({ kind: 'close' }) }))
  for (let round = 0; round < rounds; round += 1) {
    await withNew(startClosable, async (contenders) => {
      for (const { label } of contenders) {
        if (!measured.has(label)) measured.set(label, { calls: undefined, pipeline: undefined })
      }
      for (const { label, channel } of orderOf(contenders, round)) {
        const figures = measured.get(label)
        for (const how of ['calls', 'pipeline'] as const) {
          const taken = (await channel.ask({ kind: 'pipeline', how, count })) as Pipelines
          if (figures !== undefined) figures[how] = addRound(figures[how], taken)
        }
      }
    })
  }
  return [...measured].map(([client, figures]) => ({ client, ...figures }))
}

/** What is refused in one round has no figures. */
function addRound(before: PipelineRounds, taken: Pipelines): PipelineRounds {
  if (before !== undefined && 'refusal' in before) return before
  if (taken === undefined || 'refusal' in taken) return taken
  return { rounds: [...(before?.rounds ?? []), taken.times] }
}

/** How many times as long as the calls of the first client the pipelines of another took, round by round. */
export function timesAsLong(figures: PipelineRounds, calls: PipelineRounds): readonly number[] {
  if (figures === undefined || calls === undefined || 'refusal' in figures || 'refusal' in calls) return []
  return figures.rounds.map((times, round) => median(times) / median(calls.rounds[round] ?? []))
}
