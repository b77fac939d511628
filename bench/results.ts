import { readFileSync } from 'node:fs'
import { bunClientName } from './clients/all.js'
import type { Latency } from './latency.js'
import type { Memory } from './memory.js'
import type { OnBun } from './on-bun.js'
import type { Measured, Precision } from './rounds.js'
import type { Planned } from './welch.js'

/** Everything that a run measured: report and charts are made of it, and of nothing else. */
export interface Results {
  /** Versions and machine, without its name. */
  readonly environment: readonly string[]
  readonly precision: Precision
  readonly measured: readonly Measured[]
  readonly latencies: readonly Latency[]
  readonly memory: readonly Memory[]
  /** valkey-glide on the core of the clients, and on all cores; empty if it was not measured. */
  readonly glide: readonly Measured[]
  /** The same server over TLS; empty if it was not measured. */
  readonly tls: readonly Measured[]
  /** Undefined if Bun is not installed. */
  readonly onBun?: OnBun | undefined
}

/** A ratio of a report: how many times as fast as `base` the contender `name` was. */
export interface NamedRatio {
  /** Section and workload. */
  readonly title: string
  readonly name: string
  readonly base: string
  readonly measured: Measured
}

/** Every ratio of a run, in the order of the report. */
export function ratiosOf({ measured, glide, tls, onBun }: Results): NamedRatio[] {
  const ofRespite = (section: string, all: readonly Measured[]): NamedRatio[] =>
    all.flatMap((each) =>
      namesOf(each, 'respite').map((base) => ({ title: section + each.title, name: 'respite', base, measured: each })),
    )
  const ofBun = (onBun?.measured ?? []).flatMap((each) =>
    namesOf(each, bunClientName).map((name) => ({
      title: `On Bun: ${each.title}`,
      name,
      base: bunClientName,
      measured: each,
    })),
  )
  return [...ofRespite('', measured), ...ofRespite('All cores: ', glide), ...ofRespite('Over TLS: ', tls), ...ofBun]
}

/** The rounds that two runs had whatever they measured; if a file does not say it, all of them. */
export const plannedOf = (first: Results, second: Results): Planned => [
  first.precision.rounds || Infinity,
  second.precision.rounds || Infinity,
]

/** All other names; empty if `apart` was not measured. */
function namesOf({ figures }: Measured, apart: string): string[] {
  const names = Object.keys(figures)
  return names.includes(apart) ? names.filter((name) => name !== apart) : []
}

/** The same with six digits of each figure: more would only make the file larger. */
export function rounded(results: Results): Results {
  return JSON.parse(
    JSON.stringify(results, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value)),
  ) as Results
}

/**
 * Reads the `clients.json` of an earlier run.
 *
 * @param option for the error
 * @throws Error that says what is wrong with the file
 */
export function readResults(option: string, file: string): Results {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8')) as Partial<Results>
    if (!Array.isArray(results.measured))
      throw new Error('it has no "measured": it must be a clients.json that --out wrote')
    const { environment = [], precision = { rounds: 0, mostRounds: 0, time: 0, precision: 0 } } = results
    return {
      latencies: [],
      memory: [],
      glide: [],
      tls: [],
      ...results,
      measured: results.measured,
      environment,
      precision,
    }
  } catch (cause) {
    throw new Error(`${option} ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
