import { Ledger } from '../connection/request/ledger.js'
import { QueueFullError } from '../errors.js'

/** What happens to a messageBuffer that is full: the oldest is dropped, or it ends with a QueueFullError. */
export type OverflowPolicy = 'drop-oldest' | 'end'

/** What comes by itself, kept in order for a reader who takes it when he likes: bounded, and read by `for await`. */
export class MessageBuffer<T> implements AsyncIterableIterator<T> {
  /** How many were dropped for want of room. */
  dropped = 0
  /** Called once, when the reader wants no more. */
  onReturn: (() => void) | undefined
  readonly #capacity: number
  readonly #policy: OverflowPolicy
  readonly #items = new Ledger<T>()
  readonly #readers: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = []
  #isEnded = false
  #error: Error | undefined

  constructor(capacity: number, policy: OverflowPolicy) {
    this.#capacity = capacity
    this.#policy = policy
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
      this.#items.shift()
      this.#items.push(item)
      return
    }
    const message = `more than ${this.#capacity} messages waited for their reader`
    this.end(new QueueFullError(message, { fate: 'not-executed' }))
    this.onReturn?.()
  }

  /** Nothing more comes; what waits is still read, and then the error thrown, if there is one. */
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

  /** The reader has stopped. */
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

  /** Thrown to one reader. */
  #takeError(): Error | undefined {
    const error = this.#error
    this.#error = undefined
    return error
  }
}
