import type { Request } from '../connection/request/request.js'
import type { Redirect } from '../options/options.js'
import type { ErrorReply } from '../protocol/types.js'
import type { Node } from './node.js'
import type { OwnSlot } from './own-slot.js'

/** A redirect that may be the word of the user's code: a script can return any error, after it did its work. */
export interface Doubt {
  readonly by: Node
  readonly slot: number
  readonly reply: ErrorReply
  readonly redirect: Redirect
  /** Undefined until the node has said whether its slot is elsewhere or leaves it. */
  isTrue: boolean | undefined
}

/** Redirects that count only if the node says the same of its slot, when it is asked. */
export class DoubtfulRedirects {
  readonly #doubts = new WeakMap<Request, Doubt>()
  /** How many answers are awaited, by slot. */
  readonly #awaited = new Map<number, number>()

  /** Whether an answer about the slot is awaited: until then, nothing of it is sent. */
  isOpen(slot: number): boolean {
    return this.#awaited.has(slot)
  }

  /** Asks the node. @param onAnswer the doubt is decided */
  examine(request: Request, doubt: Doubt, onAnswer: (own: OwnSlot | undefined) => void): void {
    const { by, slot, redirect } = doubt
    this.#doubts.set(request, doubt)
    this.#awaited.set(slot, (this.#awaited.get(slot) ?? 0) + 1)
    const decide = (own: OwnSlot | undefined): void => {
      doubt.isTrue = own === 'elsewhere' || (own === 'leaves' && redirect.to === 'ask')
      const left = (this.#awaited.get(slot) as number) - 1
      if (left > 0) this.#awaited.set(slot, left)
      else this.#awaited.delete(slot)
      onAnswer(own)
    }
    by.askForSlot(slot).then(decide, () => decide(undefined))
  }

  /** The doubt about a request that is to be sent; it is not doubted any more. */
  take(request: Request): Doubt | undefined {
    const doubt = this.#doubts.get(request)
    this.#doubts.delete(request)
    return doubt
  }
}
