import { BareSocket } from './clients/bare-socket.js'
import type { Reader } from './clients/client.js'
import type { Contender } from './contender.js'
import { quantileOfSorted } from './quantile.js'
import { firstWarmup, orderOf, type Pace, withNew } from './rounds.js'
import { bulkBytes, frame, keys, smallValue } from './workloads/data.js'

/** Microseconds from the call of a GET to its reply, with nothing else in flight. */
export interface Latency {
  readonly name: string
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly samples: number
  /** Rounds, each in new processes; undefined in results of an earlier version, which had the same processes in all rounds. */
  readonly rounds?: number
}

/** The title for `--only`, and the heading in the report. */
export const latencyTitle = 'Latency of GET, one in flight'

const request = Buffer.from(frame('GET', keys.small))

/**
 * Measures single commands in rounds like those of `measure`: in new processes, each with a first turn that is not measured, and begun
 * by another contender. Percentiles are over all rounds.
 *
 * @param start starts the contenders
 */
export async function measureLatency(
  start: () => Promise<readonly Pick<Contender, 'name' | 'latency' | 'close'>[]>,
  { rounds, time }: Pace,
): Promise<Latency[]> {
  const samples = new Map<string, (readonly number[])[]>()
  for (let round = 0; round < rounds; round += 1) {
    await withNew(start, async (contenders) => {
      for (const { name } of contenders) if (!samples.has(name)) samples.set(name, [])
      for (const contender of orderOf(contenders, round)) {
        await contender.latency(firstWarmup * time)
        samples.get(contender.name)?.push(await contender.latency(time))
      }
    })
  }
  return [...samples].map(([name, all]) => ({ ...summarize(name, all.flat()), rounds }))
}

/** Sends one GET after another for `time` milliseconds. @returns microseconds of each */
export async function sampleLatency(subject: Reader | BareSocket, time: number): Promise<number[]> {
  const get =
    subject instanceof BareSocket
      ? () => subject.exchange(request, bulkBytes(smallValue.length))
      : () => subject.get(keys.small)
  const samples: number[] = []
  const end = performance.now() + time
  for (let start = performance.now(); start < end; ) {
    await get()
    const now = performance.now()
    samples.push((now - start) * 1_000)
    start = now
  }
  return samples
}

function summarize(name: string, samples: number[]): Latency {
  const sorted = samples.sort((a, b) => a - b)
  return {
    name,
    p50: quantileOfSorted(sorted, 0.5),
    p99: quantileOfSorted(sorted, 0.99),
    p999: quantileOfSorted(sorted, 0.999),
    samples: sorted.length,
  }
}
