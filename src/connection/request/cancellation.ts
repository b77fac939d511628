import type { Request, SignalGroup } from './request.js'

/**
 * The requests of one AbortSignal: one listener for all of them, and a doubly linked list through the requests
 * themselves, so that adding and removing cost a few assignments.
 */
class Group implements SignalGroup {
  readonly signal: AbortSignal
  /** Whether it is in the list of idle groups. */
  isIdle = false
  readonly #owner: Cancellation
  readonly #onAbort: () => void
  #first: Request | null = null
  #isListening = false

  constructor(signal: AbortSignal, owner: Cancellation) {
    this.signal = signal
    this.#owner = owner
    this.#onAbort = () => {
      for (const request of this.#requests()) owner.abort(request, signal)
    }
  }

  add(request: Request): void {
    if (!this.#isListening) {
      this.signal.addEventListener('abort', this.#onAbort)
      this.#isListening = true
    }
    request.signals = this
    request.nextOfSignal = this.#first
    if (this.#first !== null) this.#first.previousOfSignal = request
    this.#first = request
  }

  delete(request: Request): void {
    const { nextOfSignal, previousOfSignal } = request
    if (previousOfSignal === null) this.#first = nextOfSignal
    else previousOfSignal.nextOfSignal = nextOfSignal
    if (nextOfSignal !== null) nextOfSignal.previousOfSignal = previousOfSignal
    request.nextOfSignal = null
    request.previousOfSignal = null
    if (this.#first === null && !this.isIdle) this.#owner.noteIdle(this)
  }

  /** Stops listening, unless there are new requests. @returns whether it did */
  release(): boolean {
    this.isIdle = false
    if (this.#first !== null) return false
    this.#isListening = false
    stopListening(this.signal, this.#onAbort)
    return true
  }

  /** A copy, made when the signal is aborted, in the order of the calls. */
  #requests(): Request[] {
    const requests: Request[] = []
    for (let request = this.#first; request !== null; request = request.nextOfSignal) requests.push(request)
    return requests.reverse()
  }
}

/** Removes a listener from a signal. A custom signal may throw, which must not affect anything else. */
export function stopListening(signal: AbortSignal, onAbort: () => void): void {
  try {
    signal.removeEventListener('abort', onAbort)
  } catch {
    // The listener stays, but finds nothing to abort.
  }
}

/**
 * How many turns of the microtask queue an unused signal is kept: enough for code that awaited the last request to make
 * its next call. To add a listener for each command would cost more than the command.
 */
const graceTurns = 6

/** Ties requests to the AbortSignals of their callers. */
export class Cancellation {
  /** Groups that listen. A WeakMap would need no cleanup, but adding to it costs as much as a command. */
  readonly #groups = new Map<AbortSignal, Group>()
  /** Called for each unsettled request of a signal that is aborted. */
  readonly abort: (request: Request, signal: AbortSignal) => void
  /** The last one used: often it is also the next. */
  #last: Group | undefined
  #idle: Group[] = []

  constructor(abort: (request: Request, signal: AbortSignal) => void) {
    this.abort = abort
  }

  watch(request: Request, signal: AbortSignal): void {
    if (this.#last?.signal === signal) this.#last.add(request)
    else this.#begin(request, signal)
  }

  /** A group's last request has been settled. */
  noteIdle(group: Group): void {
    group.isIdle = true
    this.#idle.push(group)
    if (this.#idle.length === 1) void this.#releaseSoon()
  }

  #begin(request: Request, signal: AbortSignal): void {
    const group = this.#groups.get(signal) ?? new Group(signal, this)
    // Kept only once it listens: a custom signal may throw.
    group.add(request)
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
