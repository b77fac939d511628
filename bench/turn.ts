import { Bench } from 'tinybench'
import type { Run } from './workloads/workload.js'

/** The result of a turn. */
export interface Turn {
  /** Commands (or messages) a second, of the median call. */
  readonly rate: number
  /** The same over the whole turn, including pauses for the garbage collector. */
  readonly throughput: number
  /** Microseconds of processor time per command, of all threads of this process. */
  readonly cpu: number
}

/** The least number of calls, however long they take: a median needs a few. */
const iterations = 5
/** A turn begins with a part that is not measured, because the turn before has left garbage and other contents of the caches. */
const settlingShare = 0.1

/**
 * Measures one contender.
 *
 * No garbage collection is forced before. It would make V8 shrink the young generation, which slows the clients that allocate most
 * (node-redis: 181,000 instead of 251,000 GETs per second in bursts) and does not happen in a real program.
 *
 * @param count commands, or messages, of one call of `run`
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
