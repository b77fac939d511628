import type { Request, SignalGroup } from './request.js'

/**
 * The requests that one AbortSignal can withdraw: one listener for all of them, and a doubly linked list through the requests
 * themselves, so that entering and leaving cost a few assignments.
 */
class Group implements SignalGroup {
  readonly signal: AbortSignal
  /** Stands in the list of those that may let go of their signal. */
  isIdle = false
  readonly #owner: Cancellation
  readonly #onAbort: () => void
  #first: Request | null = null
  #isListening = false

  constructor(signal: AbortSignal, owner: Cancellation, abort: (request: Request) => void) {
    this.signal = signal
    this.#owner = owner
    this.#onAbort = () => {
      for (const request of this.#requests()) abort(request)
    }
  }

  add(request: Request): void {
    if (!this.#isListening) {
      this.#isListening = true
      this.signal.addEventListener('abort', this.#onAbort)
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

  /** Lets go of the signal, unless there are requests again. */
  release(): void {
    this.isIdle = false
    if (this.#first !== null) return
    this.#isListening = false
    this.signal.removeEventListener('abort', this.#onAbort)
  }

  /** In the order of their calls, as they were when the signal was aborted. */
  #requests(): Request[] {
    const requests: Request[] = []
    for (let request = this.#first; request !== null; request = request.nextOfSignal) requests.push(request)
    return requests.reverse()
  }
}

/**
 * How many turns of the microtask queue a signal is kept that no request has any longer: so many that the next call of
 * whoever awaited the last one comes before. To listen anew for every command costs more than the command.
 */
const graceTurns = 6

/** Ties requests to the AbortSignals of their callers. */
export class Cancellation {
  readonly #groups = new WeakMap<AbortSignal, Group>()
  readonly #onAbort: (request: Request, signal: AbortSignal) => void
  /** The one used last: mostly it is the next one, too. */
  #last: Group | undefined
  #idle: Group[] = []

  /** @param onAbort called for each unsettled request of a signal that is aborted */
  constructor(onAbort: (request: Request, signal: AbortSignal) => void) {
    this.#onAbort = onAbort
  }

  watch(request: Request, signal: AbortSignal): void {
    if (this.#last?.signal === signal) this.#last.add(request)
    else this.#groupOf(signal).add(request)
  }

  /** A group's last request has been settled. */
  noteIdle(group: Group): void {
    group.isIdle = true
    this.#idle.push(group)
    if (this.#idle.length === 1) void this.#releaseSoon()
  }

  #groupOf(signal: AbortSignal): Group {
    let group = this.#groups.get(signal)
    if (group === undefined) {
      group = new Group(signal, this, (aborted) => this.#onAbort(aborted, signal))
      this.#groups.set(signal, group)
    }
    this.#last = group
    return group
  }

  async #releaseSoon(): Promise<void> {
    for (let turn = 0; turn < graceTurns; turn += 1) await undefined
    const idle = this.#idle
    this.#idle = []
    this.#last = undefined
    for (const group of idle) group.release()
  }
}
