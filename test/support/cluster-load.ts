import type { Cluster } from '../../src/cluster/cluster.js'
import { RespiteError } from '../../src/errors.js'

/** What became of one call: a push of its own number. */
interface Call {
  readonly key: string
  readonly number: number
  outcome: 'pending' | 'acknowledged' | RespiteError
  readonly calledAt: number
  settledAt: number
}

/** What is wrong, and what is only counted. */
export interface LoadReport {
  readonly calls: number
  readonly acknowledged: number
  /** Rejected, by code and fate. */
  readonly rejected: Readonly<Record<string, number>>
  /** Acknowledged, and not there. Only a failover may cause that. */
  readonly lost: number
  /** Must all be empty. */
  readonly hung: number
  readonly twice: number
  readonly outOfOrder: number
  readonly falseNotExecuted: number
  /** The longest time between two acknowledged calls, in milliseconds. */
  readonly longestGap: number
}

/** Pushes numbers to lists, several to each list at a time, until it is stopped. */
export class ClusterLoad {
  readonly #cluster: Cluster
  readonly #keys: readonly string[]
  readonly #calls: Call[] = []
  readonly #running: Promise<void>
  readonly #bursts = new Set<Promise<unknown>>()
  #isStopped = false

  /** @param pauseMs between bursts, which do not wait for each other */
  constructor(cluster: Cluster, keys: readonly string[], pauseMs = 5) {
    this.#cluster = cluster
    this.#keys = keys
    this.#running = this.#run(pauseMs)
  }

  /** Calls that were acknowledged until now. */
  get acknowledged(): number {
    return this.#calls.filter(({ outcome }) => outcome === 'acknowledged').length
  }

  /** Waits until so many more calls to each of these keys are acknowledged. */
  async progress(count: number, keys = this.#keys): Promise<void> {
    const end = Date.now() + 20_000
    const from = this.#calls.length
    for (const key of keys) {
      const isDone = (): boolean =>
        this.#calls.slice(from).filter((call) => call.key === key && call.outcome === 'acknowledged').length >= count
      while (!isDone()) {
        if (Date.now() > end) throw new Error(`no ${count} calls to ${key} within 20 seconds`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
  }

  /** Stops, and compares what the callers were told with what is there. */
  async judge(): Promise<LoadReport> {
    this.#isStopped = true
    await this.#running
    await Promise.race([Promise.all(this.#bursts), new Promise((resolve) => setTimeout(resolve, 15_000))])
    const rejected: Record<string, number> = {}
    let lost = 0
    let twice = 0
    let outOfOrder = 0
    let falseNotExecuted = 0
    for (const key of this.#keys) {
      const list = (await this.#cluster.lrange(key, 0, -1)).map(Number)
      const there = new Set(list)
      twice += list.length - there.size
      let last = -1
      for (const number of there) {
        if (number < last) outOfOrder += 1
        last = Math.max(last, number)
      }
      for (const { number, outcome } of this.#calls.filter((call) => call.key === key)) {
        if (outcome === 'acknowledged' && !there.has(number)) lost += 1
        if (outcome instanceof RespiteError && outcome.fate === 'not-executed' && there.has(number))
          falseNotExecuted += 1
      }
    }
    for (const { outcome } of this.#calls) {
      if (typeof outcome === 'string') continue
      const name = `${outcome.code} ${outcome.fate}`
      rejected[name] = (rejected[name] ?? 0) + 1
    }
    const settled = this.#calls.filter(({ outcome }) => outcome === 'acknowledged').map(({ settledAt }) => settledAt)
    const times = settled.sort((a, b) => a - b)
    return {
      calls: this.#calls.length,
      acknowledged: times.length,
      rejected,
      lost,
      hung: this.#calls.filter(({ outcome }) => outcome === 'pending').length,
      twice,
      outOfOrder,
      falseNotExecuted,
      longestGap: Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] as number))),
    }
  }

  /** The longest time between two acknowledged calls to these keys, in milliseconds. */
  longestGap(keys: readonly string[]): number {
    const times = this.#calls
      .filter(({ key, outcome }) => outcome === 'acknowledged' && keys.includes(key))
      .map(({ settledAt }) => settledAt)
      .sort((a, b) => a - b)
    return Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] as number)))
  }

  /** Keys of calls that were rejected. */
  rejectedKeys(): string[] {
    return this.#calls.flatMap(({ key, outcome }) => (outcome instanceof RespiteError ? [key] : []))
  }

  /** Calls nothing more. */
  stop(): void {
    this.#isStopped = true
  }

  async #run(pauseMs: number): Promise<void> {
    await Promise.all(this.#keys.map((key) => this.#cluster.del(key)))
    while (!this.#isStopped) {
      const burst = this.#keys.flatMap((key) => [0, 1, 2].map(() => this.#call(key)))
      const all: Promise<unknown> = Promise.all(burst).finally(() => this.#bursts.delete(all))
      this.#bursts.add(all)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }

  async #call(key: string): Promise<void> {
    const number = this.#calls.length
    const call: Call = { key, number, outcome: 'pending', calledAt: performance.now(), settledAt: 0 }
    this.#calls.push(call)
    try {
      await this.#cluster.rpush(key, String(number))
      call.outcome = 'acknowledged'
    } catch (error) {
      if (!(error instanceof RespiteError)) throw error
      call.outcome = error
    }
    call.settledAt = performance.now()
  }
}
