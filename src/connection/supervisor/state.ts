/** Status of a supervised connection. */
export type Status = 'idle' | 'connecting' | 'ready' | 'reconnecting' | 'closing' | 'closed'

/**
 * ```
 *            connect / command           handshake done
 *   idle ───────────────────▶ connecting ──────────────▶ ready ─────┐
 *    ▲                         │   given up               ▲  │ lost │ close()
 *    ├─────────────────────────┘            handshake done│  ▼      ▼
 *    └──────────────────────────────────────────────── reconnecting │
 *                       given up                                    ▼
 *   any ──── close(), destroy() ────────────────────────▶ closing ─▶ closed
 * ```
 *
 * A connection for subscriptions also returns to `idle` from `connecting`, `ready` and `reconnecting` when the last one ends.
 */
export const transitions: Readonly<Record<Status, readonly Status[]>> = {
  idle: ['connecting', 'closing', 'closed'],
  connecting: ['ready', 'idle', 'closing', 'closed'],
  ready: ['reconnecting', 'idle', 'closing', 'closed'],
  reconnecting: ['ready', 'idle', 'closing', 'closed'],
  closing: ['closed'],
  closed: [],
}

/** Holds the status. Refuses transitions that the diagram does not show. */
export class StatusMachine {
  #status: Status = 'idle'
  readonly #onChange: (status: Status, previous: Status) => void

  constructor(onChange: (status: Status, previous: Status) => void) {
    this.#onChange = onChange
  }

  get status(): Status {
    return this.#status
  }

  to(next: Status): void {
    const previous = this.#status
    if (!transitions[previous].includes(next)) throw new Error(`impossible transition: ${previous} -> ${next}`)
    this.#status = next
    this.#onChange(next, previous)
  }
}
