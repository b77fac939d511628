import { RequestError, RequestParser } from '../../lab/server/request-parser.js'
import { operationOf } from './operations/mark.js'

/** What is seen of the bytes that one connection was given to write. */
export interface DeliveriesObserver {
  /** The frame, or the frames, of an operation have begun to be written: its first command with a mark. */
  onDelivered(operation: number): void
  /** A command that belongs to no operation. */
  onOther(args: readonly Buffer[]): void
  /** What was written is no RESP. */
  onMalformed(reason: string): void
}

/** Finds the operations in what one connection writes: each is told once, when its mark is seen first. */
export class Deliveries {
  readonly #parser = new RequestParser()
  readonly #observer: DeliveriesObserver
  /** Whether a transaction is being written, and its operation has been told. */
  #transaction: 'none' | 'begun' | 'told' = 'none'
  /** The request that is being written was told when its mark was seen, before it was complete. */
  #isTold = false
  #isMalformed = false

  constructor(observer: DeliveriesObserver) {
    this.#observer = observer
  }

  push(bytes: Buffer): void {
    if (this.#isMalformed) return
    try {
      this.#parser.feed(bytes, (args) => this.#onRequest(args))
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
      this.#isMalformed = true
      this.#observer.onMalformed(error.message)
      return
    }
    const number = operationOf(this.#parser.begun)
    if (number === undefined || this.#isTold) return
    this.#isTold = true
    this.#tell(number)
  }

  #onRequest(args: readonly Buffer[]): void {
    const name = String(args[0])
    if (name === 'MULTI') this.#transaction = 'begun'
    if (name === 'EXEC' || name === 'DISCARD') this.#transaction = 'none'
    const isTold = this.#isTold
    this.#isTold = false
    const number = operationOf(args)
    if (number === undefined) this.#observer.onOther(args)
    else if (!isTold) this.#tell(number)
  }

  /** A transaction's commands may all bear its mark: the first of them counts. */
  #tell(number: number): void {
    if (this.#transaction === 'told') return
    if (this.#transaction === 'begun') this.#transaction = 'told'
    this.#observer.onDelivered(number)
  }
}
