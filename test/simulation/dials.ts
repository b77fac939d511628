import type { ClientOptions } from '../../src/index.js'

/** Milliseconds of the window in which attempts to connect are counted. */
const windowMs = 1_000

/** The shared connection and that of the subscriptions reconnect by themselves. */
const supervised = 2

/** So many attempts come close together before the delay between them has grown. */
const early = 12

/**
 * How often a client dialled, and whether that is too often: it must wait longer and longer between attempts. Connections
 * of blocking commands and sessions are dialled when there are such.
 */
export class Dials {
  readonly #times: number[] = []
  readonly #calls: number[] = []

  onDial(now: number): void {
    this.#times.push(now)
  }

  /**
   * Somebody calls what needs a dedicated connection, or tells the client to connect.
   * @param attempts how many that may take
   */
  onNeed(now: number, attempts: number): void {
    for (let i = 0; i < attempts; i += 1) this.#calls.push(now)
  }

  /** A call makes a client connect again that has given up: its delays are short again. */
  onRestart(now: number): void {
    this.onNeed(now, early)
  }

  /** What is wrong; undefined when nothing is. @param patience milliseconds for which a call may go on dialling */
  wrong(reconnect: ClientOptions['reconnect'], patience: number): string | undefined {
    const maxDelay = typeof reconnect === 'object' ? (reconnect.maxDelay ?? 2_000) : 10
    const most = supervised * (early + (8 * windowMs) / maxDelay)
    const times = this.#times
    for (let first = 0, last = 0; last < times.length; last += 1) {
      const end = times[last] as number
      while ((times[first] as number) <= end - windowMs) first += 1
      const count = last - first + 1
      if (count <= most) continue
      const needed = this.#calls.filter((time) => time <= end && time >= end - windowMs - patience).length
      if (count > most + needed) return `dialled ${count} times within a second, up to ${end.toFixed(0)} ms`
    }
    return undefined
  }

  get count(): number {
    return this.#times.length
  }
}
