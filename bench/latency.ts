import type { BareSocket } from './clients/bare-socket.js'
import type { BenchClient } from './clients/client.js'
import { quantileOfSorted } from './quantile.js'
import type { Pace } from './rounds.js'
import { bulkBytes, frame, keys, smallValue } from './workloads/data.js'
import { bareName, type Run } from './workloads/workload.js'

/** Microseconds from the call of a GET to its reply, nothing else being under way. */
export interface Latency {
  readonly name: string
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly samples: number
}

/** What `--only` is compared with, and the heading in the report. */
export const latencyTitle = 'Latency of GET, one in flight'

/** Times single commands, the contenders in turn within each round; percentiles over all rounds. */
export async function measureLatency(
  clients: readonly BenchClient[],
  bare: BareSocket,
  { rounds, time }: Pace,
): Promise<Latency[]> {
  const request = Buffer.from(frame('GET', keys.small))
  const contenders: { name: string; get: Run; samples: number[] }[] = [
    ...clients.map((client) => ({ name: client.name, get: () => client.get(keys.small), samples: [] })),
    { name: bareName, get: () => bare.exchange(request, bulkBytes(smallValue.length)), samples: [] },
  ]
  for (const { get } of contenders) await sample(get, Math.min(time, 100), [])
  for (let round = 0; round < rounds; round += 1) {
    for (const { get, samples } of contenders) await sample(get, time, samples)
  }
  return contenders.map(({ name, samples }) => summarize(name, samples))
}

async function sample(get: Run, time: number, samples: number[]): Promise<void> {
  const end = performance.now() + time
  for (let start = performance.now(); start < end; ) {
    await get()
    const now = performance.now()
    samples.push((now - start) * 1_000)
    start = now
  }
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
