import type { Reader } from '../clients/client.js'
import { median, quantile } from '../quantile.js'
import { keys } from '../workloads/data.js'

/** How late time limits fired. */
export interface Lateness {
  /** Milliseconds after the limit; NaN if no time limit fired. */
  readonly p50: number
  readonly p99: number
  /** Calls that were rejected after their limit. */
  readonly fired: number
  readonly calls: number
}

/** Reads with a time limit, in milliseconds. */
export interface Limited {
  readonly reader: Reader
  readonly limit: number
}

/**
 * A call that is rejected so many milliseconds before its limit, or earlier, has failed for another reason. Later, it is the time
 * limit: timers count whole milliseconds, from the beginning of a turn of the event loop.
 */
const earlyMs = 5

/**
 * While loops of one client saturate the event loop, another one has calls that the server does not answer.
 *
 * @param saturate runs the loops once
 * @param time milliseconds
 */
export async function measureTimeOuts(
  saturate: () => Promise<unknown>,
  { reader, limit }: Limited,
  time: number,
): Promise<Lateness> {
  const late: number[] = []
  let calls = 0
  let settled = 0
  const end = performance.now() + time
  const call = (): void => {
    calls += 1
    const due = performance.now() + limit
    const answered = (): void => {
      settled += 1
    }
    const rejected = (): void => {
      settled += 1
      const lateMs = performance.now() - due
      if (lateMs > -earlyMs) late.push(lateMs)
    }
    reader.get(keys.small).then(answered, rejected)
  }
  const timer = setInterval(call, 5)
  while (performance.now() < end) await saturate()
  clearInterval(timer)
  const last = performance.now() + 2 * limit + 200
  while (settled < calls && performance.now() < last) await saturate()
  return { p50: quantile(late, 0.5), p99: quantile(late, 0.99), fired: late.length, calls }
}

/** The median of each quantile, of the rounds in which a time limit fired; calls are added. */
export function medianLateness(rounds: readonly Lateness[]): Lateness {
  const of = (pick: (round: Lateness) => number): number => median(rounds.filter(({ fired }) => fired > 0).map(pick))
  const sum = (pick: (round: Lateness) => number): number => rounds.reduce((total, round) => total + pick(round), 0)
  return {
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    fired: sum(({ fired }) => fired),
    calls: sum(({ calls }) => calls),
  }
}
