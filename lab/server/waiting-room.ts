import type { ServerReply } from './reply.js'

/** A connection that waits in a blocking command. */
export interface Waiting {
  /** Number of the connection. */
  readonly id: number
  /** Clock time at which the wait ends; Infinity for no limit. */
  readonly until: number
  /** The reply at the time limit. */
  readonly none: ServerReply
  /** Takes an element; undefined if there is still none. */
  attempt(): ServerReply | undefined
  /** What a cluster replies in its place, because its keys are elsewhere now; undefined if they are here. */
  misplaced(): ServerReply | undefined
  /** The wait has ended. */
  deliver(reply: ServerReply): void
}

/** All connections that wait, in the order in which they started to. */
export class WaitingRoom {
  readonly #waiting: Waiting[] = []
  #isServing = false

  get size(): number {
    return this.#waiting.length
  }

  enter(waiting: Waiting): void {
    this.#waiting.push(waiting)
  }

  /** The connection was closed. */
  leave(id: number): void {
    this.#take(id)
  }

  /** Gives elements to those who wait for them. Call it after each command that may have added some. */
  serve(): void {
    // A connection that gets an element may add one itself: the next round sees it.
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

  /** Ends a wait early. @returns whether the connection was waiting */
  unblock(id: number, reply: ServerReply | undefined): boolean {
    const waiting = this.#take(id)
    waiting?.deliver(reply ?? waiting.none)
    return waiting !== undefined
  }

  /** Ends all waits early. */
  endAll(reply: ServerReply): void {
    for (const { id } of [...this.#waiting]) this.unblock(id, reply)
  }

  /** Ends the waits for keys that are at another server of the cluster now. */
  redirect(): void {
    for (const { id, misplaced } of [...this.#waiting]) {
      const reply = misplaced()
      if (reply !== undefined) this.unblock(id, reply)
    }
  }

  /** When the next wait reaches its limit; undefined if none does. */
  nextExpiry(): number | undefined {
    const next = Math.min(Infinity, ...this.#waiting.map(({ until }) => until))
    return next === Infinity ? undefined : next
  }

  /** Ends the waits that have reached their limit. */
  expire(now: number): void {
    for (const { id } of this.#waiting.filter(({ until }) => until <= now)) this.unblock(id, undefined)
  }

  #take(id: number): Waiting | undefined {
    const index = this.#waiting.findIndex((waiting) => waiting.id === id)
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0]
  }
}
