import { BareSocket } from './clients/bare-socket.js'
import type { Reader } from './clients/client.js'
import type { Contender } from './contender.js'
import { quantileOfSorted } from './quantile.js'
import type { Pace } from './rounds.js'
import { bulkBytes, frame, keys, smallValue } from './workloads/data.js'

/** Microseconds from the call of a GET to its reply, with nothing else in flight. */
export interface Latency {
  readonly name: string
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly samples: number
}

/** The title for `--only`, and the heading in the report. */
export const latencyTitle = 'Latency of GET, one in flight'

const request = Buffer.from(frame('GET', keys.small))

/** Measures single commands. The contenders take turns within each round; percentiles are over all rounds. */
export async function measureLatency(contenders: readonly Contender[], { rounds, time }: Pace): Promise<Latency[]> {
  const samples = contenders.map((): number[] => [])
  for (const contender of contenders) await contender.latency(Math.min(time, 100))
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) samples[index]?.push(...(await contender.latency(time)))
  }
  return contenders.map(({ name }, index) => summarize(name, samples[index] ?? []))
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
