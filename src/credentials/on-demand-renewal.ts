import type { Renewal, RenewalSubject } from './renewal.js'

/** The renewal of credentials. Its code is loaded when it is first needed. */
export class OnDemandRenewal {
  readonly #subject: RenewalSubject
  #renewal: Promise<Renewal> | undefined
  #isStopped = false

  constructor(subject: RenewalSubject) {
    this.#subject = subject
  }

  /** See {@link Renewal.schedule}. */
  schedule(expiresAt: number): void {
    this.#load().then((renewal) => renewal.schedule(expiresAt), this.#subject.onError)
  }

  /** See {@link Renewal.renew}. */
  renew(): Promise<void> {
    return this.#load().then((renewal) => renewal.renew())
  }

  /** Called when the client is closed. */
  stop(): void {
    this.#isStopped = true
    if (this.#renewal !== undefined) this.#load().catch(this.#subject.onError)
  }

  #load(): Promise<Renewal> {
    this.#renewal ??= load(this.#subject)
    // Credentials may also arrive, and be asked for, after the client was closed.
    return this.#isStopped ? this.#renewal.then((renewal) => renewal.stop()) : this.#renewal
  }
}

function load(subject: RenewalSubject): Promise<Renewal> {
  return import('./renewal.js').then(({ Renewal }) => new Renewal(subject))
}
