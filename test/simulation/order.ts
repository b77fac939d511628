import type { Entry } from './book.js'
import { isOrdered } from './operations/ordered.js'

/** One effect on a key. */
interface Effect {
  readonly entry: Entry
  /** Its connection had ended for the client by then: only a fence could have kept it from happening. */
  readonly isLate: boolean
}

/**
 * Compares the effects on the keys that calls have in common with the order of the calls. All of these calls go over the
 * shared connection.
 */
export class Order {
  readonly #effects = new Map<string, Effect[]>()
  #checked = 0

  /** A command has changed a key. @returns what is wrong with that at this moment */
  onEffect(key: string, entry: Entry, isLate: boolean): string | undefined {
    if (!isOrdered(key)) return undefined
    const effects = this.#effects.get(key) ?? []
    this.#effects.set(key, effects)
    effects.push({ entry, isLate })
    if (isLate) return undefined
    const answered = effects.find(
      (earlier) => earlier.entry.number > entry.number && earlier.entry.settled === 'resolved',
    )
    return answered === undefined ? undefined : `changed ${key} after #${answered.entry.number} had been answered`
  }

  /** In the end: of two calls that were answered, the last effect of the later one comes last. */
  *wrongs(): Generator<string> {
    for (const [key, effects] of this.#effects) {
      const last = new Map<Entry, number>()
      for (const [position, { entry, isLate }] of effects.entries()) {
        if (!isLate && entry.settled === 'resolved') last.set(entry, position)
      }
      let latest = -1
      let before: Entry | undefined
      for (const [entry, position] of [...last].sort(([a], [b]) => a.number - b.number)) {
        this.#checked += 1
        if (position < latest) yield `#${entry.number} changed ${key} before #${before?.number}, which was called first`
        if (position > latest) before = entry
        latest = Math.max(latest, position)
      }
    }
  }

  /** How many effects were compared. */
  get checked(): number {
    return this.#checked
  }
}
