import * as rejections from '../connection/request/rejections.js'
import type { ChangedKeys, Request } from '../connection/request/request.js'
import type { ErrorReply } from '../protocol/types.js'
import { isAsking } from './asking.js'
import type { Node } from './node.js'

/** A slot for which a request was redirected to the node that imports it. */
interface AskedSlot {
  /** The node that had the slot at the latest redirection. */
  readonly owner: Node | undefined
  /** The node that imported the slot at the latest redirection. */
  readonly importing: Node
  /**
   * The requests that were unanswered at the first redirection, and those that were sent to the owner since, with the keys that
   * they change. Settled ones move to `changed`.
   */
  readonly sent: Map<Request, ChangedKeys>
  /** For each changed key, the time of the latest call of a settled request. The key `undefined` stands for all keys. */
  readonly changed: Map<string | undefined, number>
}

/** When so many requests are remembered for a slot, the settled ones are forgotten. */
const mostSettled = 200
/** The maximum number of keys that are remembered for a slot. Beyond it, a call counts as one that changes all keys. */
const mostKeys = 10_000

/** Forgets the settled requests, and remembers for each key that they changed when the latest of them was called. */
function noteChanges({ sent, changed }: AskedSlot): void {
  for (const [request, keys] of sent) {
    if (request.state !== 'settled') continue
    sent.delete(request)
    for (const key of keys === 'all' || changed.size >= mostKeys ? [undefined] : keys) {
      changed.set(key, Math.max(changed.get(key) ?? 0, request.calledAt))
    }
  }
}

/**
 * Keeps the changes of a key in the order of the calls if a node gives up importing a slot. The keys then return to the owner,
 * and so do the requests that the owner has redirected. In the meantime, the owner may have run later calls with the same keys.
 */
export class AskedRequests {
  readonly #slots = new Map<number, AskedSlot>()
  /** Requests that an owner has redirected, with its reply. Some of them may not have been sent to the importing node yet. */
  readonly #redirected = new WeakMap<Request, ErrorReply>()

  /** Whether requests of the slot were redirected. */
  has(slot: number): boolean {
    return this.#slots.has(slot)
  }

  /** The owner of a slot has redirected a request to the node that imports the slot. The reply is `request.refusal`. */
  noteRedirected(slot: number, request: Request): void {
    this.noteRefused(slot, request)
    this.#redirected.set(request, request.refusal as ErrorReply)
  }

  /** Whether an owner has redirected the request to a node that imports its slot. */
  isRedirected(request: Request): boolean {
    return this.#redirected.has(request)
  }

  /**
   * A request is to be sent to the node that imports the slot.
   * @param unanswered requests of the slot
   * @returns the node to which earlier requests were redirected, if it is another one, and has not answered all of them. It may be
   *   the same server at an old address. In this case, the request must not be sent yet
   */
  noteAsked(slot: number, owner: Node | undefined, importing: Node, unanswered: Iterable<Request>): Node | undefined {
    const known = this.#slots.get(slot)
    const last = known?.importing ?? importing
    if (last !== importing && [...unanswered].some(isAsking)) return last
    this.#slots.set(slot, { ...(known ?? { sent: new Map(), changed: new Map() }), owner, importing })
    if (known === undefined) for (const request of unanswered) this.noteSent(slot, request)
    return undefined
  }

  /** A request of the slot is sent to the owner. */
  noteSent(slot: number, request: Request): void {
    const asked = this.#slots.get(slot)
    asked?.sent.set(request, request.changedKeys())
    if (asked !== undefined && asked.sent.size % mostSettled === 0) noteChanges(asked)
  }

  /** A request of the slot was refused, and waits, or is sent to another node. */
  noteRefused(slot: number, request: Request): void {
    this.#slots.get(slot)?.sent.delete(request)
  }

  /**
   * Rejects a request that is to be sent to the owner, if an owner has redirected it before, and a later request that changes
   * one of its keys may have run there since. It does not matter whether the request was sent to the importing node, or whether
   * the slot has another owner now.
   * @param isAsking whether it is to be sent to the node that imports the slot. The owner had none of its keys, so only what has
   *   certainly changed one of them counts: they have returned to the owner
   * @returns whether it was rejected
   */
  rejectsOvertaken(slot: number, request: Request, isAsking = false): boolean {
    const refusal = this.#redirected.get(request)
    const asked = this.#slots.get(slot)
    if (refusal === undefined || asked === undefined || request.isRead) return false
    const { calledAt } = request
    const keys = request.changedKeys()
    noteChanges(asked)
    const { changed } = asked
    const [known, possible] = keys === 'all' ? [[], changed.keys()] : [keys, [undefined]]
    const changes = isAsking ? known : [...known, ...possible]
    const isOvertaken = [...changes].some((key) => calledAt < (changed.get(key) ?? 0))
    if (isOvertaken) request.fail('not-executed', rejections.refused(refusal))
    return isOvertaken
  }

  /** Called when all requests that were called while the slot had another owner than this were sent, or rejected. */
  end(slot: number, owner: Node): void {
    if (this.#slots.get(slot)?.owner !== owner) this.#slots.delete(slot)
  }
}
