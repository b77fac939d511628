import type { Fence } from '../fence/fence.js'
import { FenceRequest } from '../fence/fence-request.js'
import type { UnfencedConnection } from '../fence/unfenced-connection.js'
import type { Counters } from '../request/counters.js'
import type { LostRequest } from '../request/lost-request.js'
import * as rejections from '../request/rejections.js'
import type { Connection } from '../wire/connection.js'
import type { Backlog } from './backlog.js'

/** The part of the shared connection that fences need. */
export interface FencingSubject {
  readonly connection: Connection | undefined
  readonly backlog: Backlog
  readonly counters: Counters
  /** Called when a connection is needed and there is none. */
  start(): void
  /** Called when a request was put at the head of the queue. */
  flushSoon(): void
}

/**
 * Fences lost connections over the shared connection. These are earlier shared connections, and connections of the
 * pool.
 */
export class Fencing {
  readonly #fence: Fence
  readonly #subject: FencingSubject

  constructor(fence: Fence, subject: FencingSubject) {
    this.#fence = fence
    this.#subject = subject
    fence.onLost = () => this.ask()
  }

  /** Makes the server close lost connections, before any other request is sent. */
  ask(): void {
    const { connection, backlog } = this.#subject
    if (connection?.isReady !== true) {
      this.#subject.start()
      return
    }
    const { unfenced } = this.#fence
    if (unfenced.length === 0 && connection.identity.unanswered.size === 0) {
      // The handshake itself may have shown that a lost connection can't be fenced.
      if (this.#fence.isRequired) this.#rejectUnfenced()
      return
    }
    const request: FenceRequest = new FenceRequest(
      this.#fence,
      () => this.#subject.connection?.identity,
      this.#mustAwait(connection, unfenced),
      () => this.#onFenced(request),
    )
    backlog.putFirst(request)
    this.#subject.flushSoon()
  }

  /** Whether a lost request may be sent again, as far as the fence is concerned. */
  allows({ request, doubt }: LostRequest): boolean {
    const isImpossible = doubt?.isSettled === true && !doubt.isFenced
    return !(isImpossible && this.#fence.isRequired && !request.isRead)
  }

  /** Gives up on all lost connections. After this, no connection is fenced. */
  close(): void {
    this.#fence.close()
  }

  /**
   * Whether no other request may be sent before the fence request is answered. This is so if its answer decides what
   * may be sent, or if questions about the current connection must be answered before a kill can be sent.
   */
  #mustAwait({ identity }: Connection, unfenced: readonly UnfencedConnection[]): boolean {
    if (unfenced.length === 0) return false
    if (identity.unanswered.size > 0) return true
    const isTold = unfenced.some(({ identity: lost }) => lost.countsBytes)
    for (const request of this.#subject.backlog) {
      if (!request.mayRunLate) continue
      if (this.#fence.isRequired ? !request.isRead : isTold && !request.isIdempotent) return true
    }
    return false
  }

  #onFenced({ isInTransaction, isIncomplete }: FenceRequest): void {
    const { connection } = this.#subject
    if (isInTransaction) connection?.end(new Error('EXEC was refused, and its transaction may still be open'))
    else if (isIncomplete) this.ask()
    else if (this.#fence.isRequired) this.#rejectUnfenced()
  }

  /**
   * Rejects requests that change data and may still run. Everything that can be fenced has been fenced by now, so these
   * requests can't be fenced.
   */
  #rejectUnfenced(): void {
    const { backlog } = this.#subject
    for (const request of [...backlog]) {
      if (!request.mayRunLate || request.isRead) continue
      this.#subject.counters.rejectedOnLoss += 1
      backlog.withdraw(request, rejections.lost(new Error('the lost connection may be open')))
    }
  }
}
