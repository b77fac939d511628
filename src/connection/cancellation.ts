import type { Request, SignalGroup } from './request.js'

/** The requests that one AbortSignal can withdraw: one listener for all of them, gone when the last has settled. */
class Group implements SignalGroup {
  readonly #signal: AbortSignal
  readonly #requests = new Set<Request>()
  readonly #onAbort: () => void

  constructor(signal: AbortSignal, abort: (request: Request) => void) {
    this.#signal = signal
    this.#onAbort = () => {
      for (const request of [...this.#requests]) abort(request)
    }
  }

  add(request: Request): void {
    if (this.#requests.size === 0) this.#signal.addEventListener('abort', this.#onAbort)
    this.#requests.add(request)
    request.signals = this
  }

  delete(request: Request): void {
    this.#requests.delete(request)
    if (this.#requests.size === 0) this.#signal.removeEventListener('abort', this.#onAbort)
  }
}

/** Ties requests to the AbortSignals of their callers. */
export class Cancellation {
  readonly #groups = new WeakMap<AbortSignal, Group>()
  readonly #onAbort: (request: Request, signal: AbortSignal) => void

  /** @param onAbort called for each unsettled request of a signal that is aborted */
  constructor(onAbort: (request: Request, signal: AbortSignal) => void) {
    this.#onAbort = onAbort
  }

  watch(request: Request, signal: AbortSignal): void {
    let group = this.#groups.get(signal)
    if (group === undefined) {
      group = new Group(signal, (aborted) => this.#onAbort(aborted, signal))
      this.#groups.set(signal, group)
    }
    group.add(request)
  }
}
