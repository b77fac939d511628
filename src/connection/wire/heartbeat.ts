import type { Request } from '../request/request.js'
import type { Clock, Timer } from '../timing/clock.js'

/** The connection that a heartbeat watches. */
export interface HeartbeatSubject {
  /** Clock time since which replies or a write have been pending without progress; undefined if nothing is pending. */
  waitingSince(): number | undefined
  /** Clock time of the last byte read. */
  lastReadAt(): number
  /** The longest time that a pending request allows for its reply, in milliseconds. */
  longestPatience(): number
  ping(): void
  /** Called when there was no progress for too long. */
  onStalled(silenceMs: number): void
}

/**
 * Detects dead connections. A connection is dead if there is no progress for `stallTimeout` while replies or a write
 * are pending. A write counts too, because some commands have no reply. The heartbeat sends a PING when nothing was
 * read for `pingInterval`.
 *
 * There is one timer, and no work per command. The timer fires at least once every `stallTimeout`. If something is
 * pending then, the timer is set for the time at which the wait becomes too long.
 */
export class Heartbeat {
  readonly #clock: Clock
  readonly #subject: HeartbeatSubject
  readonly #stallTimeout: number
  readonly #pingInterval: number
  #timer: Timer | undefined
  /** Whether the silence was too long. It is checked again after the event loop had a chance to read. */
  #isSuspect = false

  /**
   * @param stallTimeout milliseconds; 0 disables it
   * @param pingInterval milliseconds; 0 disables it
   */
  constructor(clock: Clock, subject: HeartbeatSubject, stallTimeout: number, pingInterval: number) {
    this.#clock = clock
    this.#subject = subject
    this.#stallTimeout = stallTimeout || Infinity
    this.#pingInterval = pingInterval || Infinity
  }

  start(): void {
    this.#arm(Math.min(this.#stallTimeout, this.#pingInterval))
  }

  stop(): void {
    this.#clock.cancel(this.#timer)
  }

  #arm(delay: number): void {
    if (delay === Infinity) return
    this.#timer = this.#clock.after(Math.max(1, delay), () => this.#beat())
  }

  #beat(): void {
    const now = this.#clock.now()
    const since = this.#subject.waitingSince()
    if (since === undefined) {
      this.#isSuspect = false
      let left = this.#subject.lastReadAt() + this.#pingInterval - now
      if (left <= 0) {
        this.#subject.ping()
        left = this.#pingInterval
      }
      this.#arm(Math.min(this.#stallTimeout, left))
      return
    }
    if (this.#stallTimeout === Infinity) {
      this.#arm(this.#pingInterval)
      return
    }
    const silence = now - since
    let allowed = this.#stallTimeout
    if (silence >= allowed) allowed = Math.max(allowed, this.#subject.longestPatience())
    if (silence < allowed) {
      this.#isSuspect = false
      this.#arm(Math.min(allowed - silence, this.#stallTimeout))
      return
    }
    if (!this.#isSuspect) {
      // If this process was delayed, timers run before the data that has arrived is read.
      this.#isSuspect = true
      this.#arm(1)
      return
    }
    this.#subject.onStalled(silence)
  }
}

/** The longest time that one of these requests allows for its reply, in milliseconds. */
export function longestPatience(requests: Iterable<Request>, stallTimeout: number): number {
  let longest = 0
  for (const { timeout, serverWait, state } of requests) {
    if (state === 'sent') longest = Math.max(longest, timeout, serverWait === 0 ? 0 : serverWait + stallTimeout)
  }
  return longest
}
