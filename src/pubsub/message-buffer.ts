import { Ledger } from '../connection/request/ledger.js'
import { QueueFullError } from '../errors.js'

/**
 * What happens when a message buffer is full. Either the oldest message is dropped, or the buffer ends with a QueueFullError.
 */
export type OverflowPolicy = 'drop-oldest' | 'end'

/** A bounded queue of messages, read by `for await`. */
export class MessageBuffer<T> implements AsyncIterableIterator<T> {
  /** The number of messages that were dropped because the buffer was full. */
  dropped = 0
  /** Called when the reader stops, or the buffer overflows and ends. */
  onReturn: (() => void) | undefined
  readonly #capacity: number
  readonly #policy: OverflowPolicy
  readonly #inherit: (dropped: T, next: T) => T
  readonly #items = new Ledger<T>()
  readonly #readers: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = []
  #isEnded = false
  #error: Error | undefined

  /**
   * @param capacity maximum number of items, 1 or more
   * @param inherit called when an item is dropped. It returns the next item, and adds to it what must not be lost of the dropped
   *   item, such as a gap. By default, nothing is added
   */
  constructor(capacity: number, policy: OverflowPolicy, inherit: (dropped: T, next: T) => T = (_, next) => next) {
    this.#capacity = capacity
    this.#policy = policy
    this.#inherit = inherit
  }

  put(item: T): void {
    if (this.#isEnded) return
    const reader = this.#readers.shift()
    if (reader !== undefined) {
      reader.resolve({ value: item, done: false })
      return
    }
    if (this.#items.length < this.#capacity) {
      this.#items.push(item)
      return
    }
    this.dropped += 1
    if (this.#policy === 'drop-oldest') {
      const dropped = this.#items.shift() as T
      this.#items.push(item)
      this.#items.unshift(this.#inherit(dropped, this.#items.shift() as T))
      return
    }
    const message = `more than ${this.#capacity} messages were waiting to be read`
    this.end(new QueueFullError(message, { fate: 'not-executed' }))
    this.onReturn?.()
  }

  /** Accepts no more messages. Buffered messages can still be read; then the error is thrown, if there is one. */
  end(error?: Error): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#error = error
    for (const reader of this.#readers.splice(0)) {
      const thrown = this.#takeError()
      if (thrown === undefined) reader.resolve({ value: undefined, done: true })
      else reader.reject(thrown)
    }
  }

  next(): Promise<IteratorResult<T>> {
    const item = this.#items.shift()
    if (item !== undefined) return Promise.resolve({ value: item, done: false })
    if (!this.#isEnded) return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }))
    const error = this.#takeError()
    return error === undefined ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(error)
  }

  /** Called when the reader stops. Buffered messages are discarded. */
  return(): Promise<IteratorResult<T>> {
    this.#items.takeAll()
    this.#error = undefined
    this.end()
    this.onReturn?.()
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Returns the error and forgets it, so that only one reader gets it. */
  #takeError(): Error | undefined {
    const error = this.#error
    this.#error = undefined
    return error
  }
}
