import type { Request } from '../request/request.js'
import type { Clock, Timer } from '../timing/clock.js'

/** What the heartbeat watches, and whom it tells. */
export interface HeartbeatSubject {
  /** Clock time since when replies are owed and no byte has come; undefined when none is owed. */
  waitingSince(): number | undefined
  /** Clock time of the last byte read. */
  lastReadAt(): number
  /** Milliseconds that the owed replies may take beyond the ordinary. */
  longestPatience(): number
  ping(): void
  /** No byte for too long: the link is dead. */
  onStalled(silenceMs: number): void
}

/**
 * Notices dead links: replies owed and not a byte for `stallTimeout`; and asks for a sign of life, by PING, when nothing
 * was read for `pingInterval`.
 *
 * One timer, no work per command: it fires at least every `stallTimeout`, so whatever wait began since then is caught
 * exactly at its end.
 */
export class Heartbeat {
  readonly #clock: Clock
  readonly #subject: HeartbeatSubject
  readonly #stallTimeout: number
  readonly #pingInterval: number
  #timer: Timer | undefined
  /** The silence was too long once; judged again after the event loop has had a chance to read. */
  #isSuspect = false

  /**
   * @param stallTimeout milliseconds; 0 switches it off
   * @param pingInterval milliseconds; 0 switches it off
   */
  constructor(clock: Clock, subject: HeartbeatSubject, stallTimeout: number, pingInterval: number) {
    this.#clock = clock
    this.#subject = subject
    this.#stallTimeout = stallTimeout
    this.#pingInterval = pingInterval
  }

  start(): void {
    this.#arm(this.#period())
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer)
    this.#timer = undefined
  }

  #period(): number {
    return Math.min(this.#stallTimeout || Infinity, this.#pingInterval || Infinity)
  }

  #arm(delay: number): void {
    if (delay === Infinity) return
    this.#timer = this.#clock.after(Math.max(1, delay), () => this.#beat())
  }

  #beat(): void {
    this.#timer = undefined
    const now = this.#clock.now()
    const since = this.#subject.waitingSince()
    if (since === undefined) {
      this.#isSuspect = false
      const silence = now - this.#subject.lastReadAt()
      if (this.#pingInterval > 0 && silence >= this.#pingInterval) {
        this.#subject.ping()
        this.#arm(this.#period())
      } else {
        this.#arm(
          Math.min(this.#stallTimeout || Infinity, this.#pingInterval > 0 ? this.#pingInterval - silence : Infinity),
        )
      }
      return
    }
    if (this.#stallTimeout === 0) {
      this.#arm(this.#pingInterval)
      return
    }
    const silence = now - since
    if (silence < this.#stallTimeout) {
      this.#isSuspect = false
      this.#arm(this.#stallTimeout - silence)
      return
    }
    const allowed = Math.max(this.#stallTimeout, this.#subject.longestPatience())
    if (silence < allowed) {
      this.#isSuspect = false
      this.#arm(Math.min(allowed - silence, this.#stallTimeout))
      return
    }
    if (!this.#isSuspect) {
      // A process that was itself held up runs its timers before it reads what came meanwhile.
      this.#isSuspect = true
      this.#arm(1)
      return
    }
    this.#subject.onStalled(silence)
  }
}

/** The time that these requests allow for their replies beyond `stallTimeout`, in milliseconds. */
export function longestPatience(requests: Iterable<Request>, stallTimeout: number): number {
  let longest = 0
  for (const { timeout, serverWait, state } of requests) {
    if (state === 'sent') longest = Math.max(longest, timeout, serverWait === 0 ? 0 : serverWait + stallTimeout)
  }
  return longest
}
