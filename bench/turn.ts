import { Bench } from 'tinybench'
import type { Run } from './workloads/workload.js'

/** What one turn came to. */
export interface Turn {
  /** Commands (or messages) a second, of the median call. */
  readonly rate: number
  /** The same of all calls together: pauses for the garbage collector count. */
  readonly throughput: number
  /** Microseconds of processor time a command, of all threads of this process. */
  readonly cpu: number
}

/** Calls at the least, however long they take: a median needs some. */
const iterations = 5
/** A turn begins with a part that is not measured: what the one before left to the garbage collector and the caches. */
const settlingShare = 0.1

/**
 * Measures one contender for a while.
 *
 * No garbage collection is forced before: it makes V8 shrink the young generation, which costs most those who allocate most
 * (node-redis 181 k instead of 251 k GETs a second in bursts), as nothing does in a process that lives.
 *
 * @param count what one call of `run` does so many of
 * @param time milliseconds
 */
export async function measureTurn(name: string, run: Run, count: number, time: number): Promise<Turn> {
  await repeat(name, run, time * settlingShare)
  const before = process.cpuUsage()
  const { calls, medianMs, totalMs } = await repeat(name, run, time)
  const { user, system } = process.cpuUsage(before)
  const done = calls * count
  return {
    rate: (1_000 / medianMs) * count,
    throughput: (1_000 / totalMs) * done,
    cpu: (user + system) / done,
  }
}

interface Repeated {
  readonly calls: number
  readonly medianMs: number
  readonly totalMs: number
}

async function repeat(name: string, run: Run, time: number): Promise<Repeated> {
  const bench = new Bench({ time, iterations, warmup: false, throws: true })
  bench.add(name, run, { async: true })
  await bench.run()
  const result = bench.tasks[0]?.result
  if (result?.state !== 'completed') throw new Error(`${name}: ${result?.state}`)
  return { calls: result.latency.samplesCount, medianMs: result.latency.p50, totalMs: result.totalTime }
}
