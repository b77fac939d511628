import type { Doubt, Loss } from '../request/doubt.js'
import type { Identity } from './identity.js'

/** A connection that was lost while commands sent on it could still run. */
export class UnfencedConnection {
  /** The connection's number within the client. */
  readonly number: number
  readonly identity: Identity
  readonly loss: Loss
  /** The connection on which the kill was sent, while it is not answered. */
  askedOn: Identity | undefined
  readonly #doubts: readonly Doubt[]
  #isSettled = false
  #waiting: (() => void)[] = []

  constructor(number: number, identity: Identity, doubts: readonly Doubt[], loss: Loss) {
    this.number = number
    this.identity = identity
    this.loss = loss
    this.#doubts = doubts
    for (const doubt of doubts) doubt.lose(loss)
  }

  /**
   * Called when nothing more can become known.
   * @param isFenced whether the server has closed the connection, and runs nothing more of it
   * @param bytesRead the number of bytes that the server had read from the connection, if known
   */
  settle(isFenced: boolean, bytesRead = Infinity): void {
    this.#isSettled = true
    for (const doubt of this.#doubts) {
      doubt.settle(bytesRead <= doubt.unreadUpTo ? 'not-executed' : 'unknown', isFenced)
    }
    this.release()
  }

  /** Called when the kill was answered, or can't be sent now. Everything that waits for it continues. */
  release(): void {
    for (const callback of this.#waiting.splice(0)) callback()
  }

  /**
   * Calls back once, when the kill was answered or can't be sent, at the latest `patience` milliseconds after the loss.
   */
  whenAnswered(callback: () => void): void {
    if (this.#isSettled) {
      callback()
      return
    }
    const { clock, at, patience } = this.loss
    const timer = clock.after(Math.max(0, at + patience - clock.now()), () => this.release())
    this.#waiting.push(() => {
      clock.cancel(timer)
      callback()
    })
  }
}
