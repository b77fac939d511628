import { Bench } from 'tinybench'
import type { BareSocket } from './clients/bare-socket.js'
import type { BenchClient } from './clients/client.js'
import { bareName, type Run, type Workload, withoutName } from './workloads/workload.js'

/** How long is measured. */
export interface Pace {
  readonly rounds: number
  /** Milliseconds for each contender in each round. */
  readonly time: number
}

/** What was measured of one contender: an entry a round. */
export interface Figures {
  /** Commands (or messages) a second, of the median call. */
  readonly rates: readonly number[]
  /** Microseconds of processor time a command, of all threads of this process. */
  readonly cpu: readonly number[]
}

/** What was measured of a workload, by contender. */
export interface Measured {
  readonly title: string
  readonly unit: string
  readonly figures: Readonly<Record<string, Figures>>
  readonly targets: Readonly<Record<string, number>>
}

interface Contender {
  readonly name: string
  readonly run: Run
  readonly rates: number[]
  readonly cpu: number[]
}

/** Calls at the least, however long they take: a median needs some. */
const iterations = 5
const warmupTimeMs = 100
/** A turn begins with a part that is not measured: what the one before left to the garbage collector and the caches. */
const settlingShare = 0.1

/**
 * Measures a workload in rounds. In each round every contender has its turn, so that a slow moment of the machine falls on
 * all of them, and each round begins with another one, so that nobody always follows the same.
 *
 * No garbage collection is forced between turns: it makes V8 shrink the young generation, which costs most those who
 * allocate most (node-redis 181 k instead of 251 k GETs a second in bursts), as nothing does in a process that lives.
 */
export async function measure(
  workload: Workload,
  clients: readonly BenchClient[],
  bare: BareSocket,
  { rounds, time }: Pace,
): Promise<Measured> {
  const contenders = await contendersOf(workload, clients, bare)
  for (const { name, run } of contenders) await turn(name, run, Math.min(time, warmupTimeMs))
  for (let round = 0; round < rounds; round += 1) {
    const first = round % contenders.length
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      await turn(contender.name, contender.run, time * settlingShare)
      const before = process.cpuUsage()
      const { calls, medianMs } = await turn(contender.name, contender.run, time)
      const { user, system } = process.cpuUsage(before)
      contender.rates.push((1_000 / medianMs) * workload.count)
      contender.cpu.push((user + system) / (calls * workload.count))
    }
  }
  return {
    title: workload.title,
    unit: workload.unit ?? 'commands',
    figures: Object.fromEntries(contenders.map(({ name, rates, cpu }) => [name, { rates, cpu }])),
    targets: workload.targets ?? {},
  }
}

async function contendersOf(
  workload: Workload,
  clients: readonly BenchClient[],
  bare: BareSocket,
): Promise<Contender[]> {
  const contenders: Contender[] = []
  const add = (name: string, run: Run | undefined): void => {
    if (run !== undefined) contenders.push({ name, run, rates: [], cpu: [] })
  }
  for (const client of clients) {
    add(client.name, await workload.on(client, bare))
    if (client.name === 'respite') add(withoutName, workload.without?.(client))
  }
  add(bareName, workload.bare?.(bare))
  return contenders
}

async function turn(name: string, run: Run, time: number): Promise<{ calls: number; medianMs: number }> {
  const bench = new Bench({ time, iterations, warmup: false, throws: true })
  bench.add(name, run, { async: true })
  await bench.run()
  const result = bench.tasks[0]?.result
  if (result?.state !== 'completed') throw new Error(`${name}: ${result?.state}`)
  return { calls: result.latency.samplesCount, medianMs: result.latency.p50 }
}
