import type { ServerReply } from './reply.js'

/** A connection that waits for something to be had. */
export interface Waiting {
  /** Number of the connection. */
  readonly id: number
  /** Clock time at which it waits no longer; Infinity for no end. */
  readonly until: number
  /** What it answers when the time is over. */
  readonly none: ServerReply
  /** Takes what there is; undefined when there is still nothing. */
  attempt(): ServerReply | undefined
  /** Its wait is over. */
  deliver(reply: ServerReply): void
}

/** All connections that wait, those first that have waited longest. */
export class WaitingRoom {
  readonly #waiting: Waiting[] = []
  #isServing = false

  get size(): number {
    return this.#waiting.length
  }

  enter(waiting: Waiting): void {
    this.#waiting.push(waiting)
  }

  /** The connection is gone. */
  leave(id: number): void {
    this.#take(id)
  }

  /** Gives what there is to those who wait for it. To be called after whatever may have brought something. */
  serve(): void {
    // Whoever is served may go on to bring something itself: that is seen in the next round.
    if (this.#isServing) return
    this.#isServing = true
    for (let i = 0; i < this.#waiting.length; ) {
      const waiting = this.#waiting[i] as Waiting
      const reply = waiting.attempt()
      if (reply === undefined) {
        i += 1
        continue
      }
      this.#waiting.splice(i, 1)
      waiting.deliver(reply)
      i = 0
    }
    this.#isServing = false
  }

  /** Ends a wait from without. @returns whether that connection waited */
  unblock(id: number, reply: ServerReply | undefined): boolean {
    const waiting = this.#take(id)
    waiting?.deliver(reply ?? waiting.none)
    return waiting !== undefined
  }

  /** Ends all waits from without. */
  endAll(reply: ServerReply): void {
    for (const { id } of [...this.#waiting]) this.unblock(id, reply)
  }

  /** When the next wait is over by itself; undefined when none will be. */
  nextExpiry(): number | undefined {
    const next = Math.min(Infinity, ...this.#waiting.map(({ until }) => until))
    return next === Infinity ? undefined : next
  }

  /** Ends the waits whose time is over. */
  expire(now: number): void {
    for (const { id } of this.#waiting.filter(({ until }) => until <= now)) this.unblock(id, undefined)
  }

  #take(id: number): Waiting | undefined {
    const index = this.#waiting.findIndex((waiting) => waiting.id === id)
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0]
  }
}
