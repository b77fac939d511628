import type { Request } from '../connection/request/request.js'
import type { Redirect } from '../options/options.js'
import type { ErrorReply } from '../protocol/types.js'
import type { Node } from './node.js'
import type { Nodes } from './nodes.js'
import type { OwnSlot } from './own-slot.js'

/** A redirection that may come from the user's code, because a script can return any error after it did its work. */
export interface Doubt {
  readonly by: Node
  readonly reply: ErrorReply
  /** It names the slot of the request's keys. */
  readonly redirect: Redirect
  /** Whether the request was sent after ASKING. */
  readonly wasAsked: boolean
  /** Whether the redirection is genuine; absent until the node has answered. */
  isTrue?: boolean
}

/** Redirections that count only if the node confirms them when it is asked about the slot. */
export class DoubtfulRedirects {
  readonly #doubts = new WeakMap<Request, Doubt>()
  /** The number of pending answers, by slot. */
  readonly #awaited = new Map<number, number>()

  /** Whether an answer about the slot is pending. Until it arrives, no request of the slot is sent. */
  isOpen(slot: number): boolean {
    return this.#awaited.has(slot)
  }

  /** Asks the node. @param onAnswer called when the doubt is resolved */
  examine(request: Request, doubt: Doubt, onAnswer: (own: OwnSlot | undefined) => void): void {
    const { by, wasAsked } = doubt
    const { slot, to } = doubt.redirect
    const isAsk = to === 'ask'
    this.#doubts.set(request, doubt)
    this.#awaited.set(slot, (this.#awaited.get(slot) ?? 0) + 1)
    const decide = (own: OwnSlot | undefined): void => {
      // Only the owner of a slot replies ASK. After ASKING, this is not the reply of a node that does not have the slot.
      doubt.isTrue = own === 'leaves' ? isAsk : own === 'elsewhere' && !(isAsk && wasAsked)
      const left = (this.#awaited.get(slot) as number) - 1
      if (left > 0) this.#awaited.set(slot, left)
      else this.#awaited.delete(slot)
      onAnswer(own)
    }
    by.askForSlot(slot, wasAsked).then(decide, () => decide(undefined))
  }

  /** Returns the node to which the owner has redirected one of the requests with ASK, if the owner has confirmed that. */
  importing(requests: readonly Request[], owner: Node, nodes: Nodes): Node | undefined {
    for (const request of requests) {
      const doubt = this.#doubts.get(request)
      if (doubt?.by === owner && doubt.isTrue === true && doubt.redirect.to === 'ask')
        return nodes.targetOf(owner, doubt.redirect)
    }
    return undefined
  }

  /** Returns and removes the doubt about a request that is to be sent. */
  take(request: Request): Doubt | undefined {
    const doubt = this.#doubts.get(request)
    this.#doubts.delete(request)
    return doubt
  }
}
