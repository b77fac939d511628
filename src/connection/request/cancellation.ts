import type { Cancellable, Request, SignalGroup } from './request.js'

/**
 * The requests, or other items, of one AbortSignal. There is one listener for all of them, and a doubly linked list
 * through the items themselves, so that adding and removing cost only a few assignments.
 */
class Group<Item extends Cancellable<Item>> implements SignalGroup<Item> {
  readonly signal: AbortSignal
  /** Whether the group is in the list of idle groups. */
  isIdle = false
  readonly #owner: Cancellation<Item>
  readonly #onAbort: () => void
  #first: Item | null = null

  constructor(signal: AbortSignal, owner: Cancellation<Item>) {
    this.signal = signal
    this.#owner = owner
    this.#onAbort = () => {
      for (const item of this.#items()) owner.abort(item, signal)
    }
    signal.addEventListener('abort', this.#onAbort)
  }

  add(item: Item): void {
    item.signals = this
    item.nextOfSignal = this.#first
    if (this.#first !== null) this.#first.previousOfSignal = item
    this.#first = item
  }

  delete(item: Item): void {
    const { nextOfSignal, previousOfSignal } = item
    if (previousOfSignal === null) this.#first = nextOfSignal
    else previousOfSignal.nextOfSignal = nextOfSignal
    if (nextOfSignal !== null) nextOfSignal.previousOfSignal = previousOfSignal
    item.nextOfSignal = null
    item.previousOfSignal = null
    if (this.#first === null && !this.isIdle) this.#owner.noteIdle(this)
  }

  /** Stops listening, unless there are new items. @returns whether it has stopped, and can't be used any more */
  release(): boolean {
    this.isIdle = false
    if (this.#first !== null) return false
    try {
      this.signal.removeEventListener('abort', this.#onAbort)
    } catch {
      // A custom signal may throw, which must not affect anything else. The listener stays, but finds nothing to abort.
    }
    return true
  }

  /** A copy of the items in the order of the calls, made when the signal is aborted. */
  #items(): Item[] {
    const items: Item[] = []
    for (let item = this.#first; item !== null; item = item.nextOfSignal) items.push(item)
    return items.reverse()
  }
}

/**
 * The number of microtask turns for which an unused signal is kept. It is large enough for code that awaited the last
 * request to make its next call. Adding a listener for each command would cost more than the command.
 */
const graceTurns = 6

/** Connects requests, or other items, to the AbortSignals of their callers. */
export class Cancellation<Item extends Cancellable<Item> = Request> {
  /** Groups that listen. A WeakMap would need no cleanup, but adding to it costs as much as a command. */
  readonly #groups = new Map<AbortSignal, Group<Item>>()
  /** Called for each item of a signal that is aborted, unless it was deleted. */
  readonly abort: (item: Item, signal: AbortSignal) => void
  /** The group that was used last. Often, it is also used next. */
  #last: Group<Item> | undefined
  #idle: Group<Item>[] = []

  constructor(abort: (item: Item, signal: AbortSignal) => void) {
    this.abort = abort
  }

  watch(item: Item, signal: AbortSignal): void {
    if (this.#last?.signal === signal) this.#last.add(item)
    else this.#begin(item, signal)
  }

  /** Called when the last item of a group was deleted. */
  noteIdle(group: Group<Item>): void {
    group.isIdle = true
    this.#idle.push(group)
    if (this.#idle.length === 1) void this.#releaseSoon()
  }

  #begin(item: Item, signal: AbortSignal): void {
    // A custom signal may throw when the group adds its listener. Such a group is not kept.
    const group = this.#groups.get(signal) ?? new Group(signal, this)
    group.add(item)
    this.#groups.set(signal, group)
    this.#last = group
  }

  async #releaseSoon(): Promise<void> {
    for (let turn = 0; turn < graceTurns; turn += 1) await undefined
    const idle = this.#idle
    this.#idle = []
    this.#last = undefined
    for (const group of idle) if (group.release()) this.#groups.delete(group.signal)
  }
}
