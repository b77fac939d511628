/**
 * A first-in, first-out ring of sent requests with pending replies, oldest first.
 *
 * ```
 *   slots   [ . . c d e f . . ]      head -> c, the next reply is c's
 *                 ^head     ^tail    tail -> where the next command goes
 * ```
 *
 * `head` and `tail` are counters, which `& mask` maps to slots. `tail - head` is the length, so a full ring differs
 * from an empty one without a flag. The size is a power of two and doubles when full.
 */
export class Ledger<T> {
  #slots: (T | undefined)[] = new Array(64)
  #mask = 63
  #head = 0
  #tail = 0

  get length(): number {
    return this.#tail - this.#head
  }

  /** The oldest item, whose reply comes next. */
  first(): T | undefined {
    return this.#slots[this.#head & this.#mask]
  }

  push(item: T): void {
    if (this.length > this.#mask) this.#grow()
    this.#slots[this.#tail & this.#mask] = item
    this.#tail += 1
  }

  /** Removes the oldest item. */
  shift(): T | undefined {
    if (this.#head === this.#tail) return undefined
    const slot = this.#head & this.#mask
    const item = this.#slots[slot]
    this.#slots[slot] = undefined
    this.#head += 1
    return item
  }

  /** Puts an item before the oldest one, for example a command that is put back. */
  unshift(item: T): void {
    if (this.length > this.#mask) this.#grow()
    this.#head -= 1
    this.#slots[this.#head & this.#mask] = item
  }

  /** Removes the `count` newest items, and returns them oldest first. */
  takeNewest(count: number): T[] {
    const items: T[] = []
    for (let i = this.#tail - count; i !== this.#tail; i += 1) {
      items.push(this.#slots[i & this.#mask] as T)
      this.#slots[i & this.#mask] = undefined
    }
    this.#tail -= count
    return items
  }

  /** Removes all items, and returns them oldest first. */
  takeAll(): T[] {
    const items = [...this]
    this.#slots = new Array(64)
    this.#mask = 63
    this.#head = 0
    this.#tail = 0
    return items
  }

  *[Symbol.iterator](): Generator<T> {
    for (let i = this.#head; i !== this.#tail; i += 1) yield this.#slots[i & this.#mask] as T
  }

  #grow(): void {
    const size = this.#mask + 1
    const slots: (T | undefined)[] = new Array(size * 2)
    const length = this.length
    for (let i = 0; i < length; i += 1) slots[i] = this.#slots[(this.#head + i) & this.#mask]
    this.#slots = slots
    this.#mask = size * 2 - 1
    this.#head = 0
    this.#tail = length
  }
}
