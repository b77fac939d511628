import { Counters } from '../connection/request/counters.js'
import * as rejections from '../connection/request/rejections.js'
import type { Request } from '../connection/request/request.js'
import { backoffDelay } from '../connection/timing/backoff.js'
import { ConfiguredRequest } from '../dispatch/configured-request.js'
import type { Redirect } from '../options/options.js'
import { askFirst, forgetAsking, isAsking } from './asking.js'
import { CommonIntake } from './common-intake.js'
import { DoubtfulRedirects } from './doubtful-redirects.js'
import type { Node } from './node.js'
import type { Nodes } from './nodes.js'
import { Ownership } from './ownership.js'
import { RedirectLimit } from './redirect-limit.js'
import type { ReplicaReads } from './replica-reads.js'
import type { Redirection, RouterSubject } from './router-subject.js'
import { anySlot, isForReplica, noteSlot, slotOfRequest } from './slots-of-requests.js'
import type { View } from './view.js'
import { WaitingSlots } from './waiting-slots.js'

/**
 * Decides which node a request is sent to, and keeps the order of the effects on each key while slots move.
 *
 * ```
 *   call ──▶ owner of its slot ──▶ the node's shared connection
 *     └────▶ queue of its slot, while the slot is in trouble ──▶ owner
 * ```
 *
 * A slot gets its new owner when no reply is pending at the old owner any more. At that moment, all requests of the slot that
 * were redirected, or were not sent, move to the new owner. Later requests come after them.
 */
export class Router {
  readonly counters = new Counters()
  readonly intake: CommonIntake
  readonly ownership = new Ownership()
  readonly slots = this.ownership.slots
  readonly waiting: WaitingSlots
  /** Undefined until it is needed. */
  reads: ReplicaReads | undefined
  readonly #subject: RouterSubject
  readonly #nodes: Nodes
  readonly #limit: RedirectLimit
  readonly #doubtful = new DoubtfulRedirects()
  readonly #asked = this.ownership.asked
  /** The node for commands without keys. */
  #anyMaster: Node | undefined
  /** The clock time when the last applied view was asked for; -1 if there is none. */
  viewedAt = -1
  #isClosing = false
  #isLoading = false

  constructor(subject: RouterSubject, nodes: Nodes) {
    this.#subject = subject
    this.#nodes = nodes
    const { clock, options } = subject
    this.#limit = new RedirectLimit(subject.maxRedirects)
    this.intake = new CommonIntake(clock, this.counters, () => (this.viewedAt < 0 ? subject.lastError() : undefined))
    this.waiting = new WaitingSlots({
      options,
      clock,
      counters: this.counters,
      lastError: subject.lastError,
      onDue: () => this.releaseSlots(),
    })
  }

  /** Accepts a request, which is settled exactly once. @throws UsageError if it can't be sent to one node */
  enqueue(request: ConfiguredRequest, signal: AbortSignal | undefined): void {
    if (this.intake.rejectAborted(request, signal)) return
    if (this.#isClosing) {
      request.fail('not-executed', rejections.closed)
      return
    }
    const slot = slotOfRequest(request, this.#subject.options.keyPrefix) ?? anySlot
    const node = this.ownerOf(slot)
    if (node !== undefined && isForReplica(request) && !this.#asked.has(slot)) {
      if (this.reads === undefined) void this.#loadReads()
      else if (this.reads.take(request, signal, node)) return
    }
    if (node === undefined || this.waiting.has(slot)) {
      this.#wait(slot, request, signal)
      return
    }
    if (!node.shared.admit(request)) return
    this.intake.watchNew(request, signal)
    this.#asked.noteSent(slot, request)
    node.push(request)
    this.#subject.onSent()
  }

  /** See `slotOfRequest`. */
  slotOf(request: Request): number | undefined {
    try {
      return request instanceof ConfiguredRequest ? slotOfRequest(request, this.#subject.options.keyPrefix) : undefined
    } catch {
      // The caller has changed the bytes of a key since the call. Encoding rejects the request, or the server refuses it.
      return anySlot
    }
  }

  ownerOf(slot: number): Node | undefined {
    return slot === anySlot ? this.#master() : this.slots.ownerOf(slot)
  }

  /** See `onRefused` in src/connection/shared/router.ts. @param isInOrder the opposite of `isOpen` there */
  onRedirected(node: Node, redirection: Redirection, isInOrder: boolean): boolean {
    const { request, reply, redirect, mayHaveRun } = redirection
    const { to } = redirect
    request.state = 'queued'
    if (this.#isClosing) {
      request.fail('not-executed', rejections.closed)
      return true
    }
    noteSlot(request, redirect.slot)
    const slot = this.slotOf(request) ?? anySlot
    const canBeChecked = (to === 'moved' || to === 'ask') && redirect.slot === slot
    if (mayHaveRun && !canBeChecked && (!request.mayReplay() || request.attempts >= request.maxAttempts)) {
      request.answer(reply, false)
      return true
    }
    request.refusal = reply
    if (to === 'later' || to === 'owner') {
      this.#putOff(request, slot, node, to === 'owner')
      return false
    }
    if (!this.#limit.allows(request, this.#now)) return true
    const wasAsked = isAsking(request)
    if (to === 'moved' && forgetAsking(request)) {
      // Other requests may be in flight to the importing node. If this node has given up, the owner may not know that yet.
      if (this.#nodes.targetOf(node, redirect) === this.ownerOf(slot)) this.#putOff(request, slot, node)
      else this.waiting.open(slot)
    }
    if (mayHaveRun && canBeChecked) {
      this.waiting.open(slot)
      this.#doubtful.examine(request, { by: node, reply, redirect, wasAsked }, (own) => {
        if (own === 'elsewhere') this.#onMovedFrom(node, slot, redirect)
        else if (own === 'leaves') this.#asked.noteRedirected(slot, request)
        this.releaseSlots()
      })
      return false
    }
    if (to === 'moved') this.#onMoved(node, slot, redirect)
    if (to === 'moved' || !isInOrder) return false
    this.#asked.noteRedirected(slot, request)
    if (!this.waiting.has(slot)) this.#ask(request, slot, this.#nodes.targetOf(node, redirect))
    else this.#place(request)
    return true
  }

  /** Like `onRedirected`, for a leased connection. @param request undefined if it is one of a session */
  onRedirectedLeased(node: Node, request: Request | undefined, redirect: Redirect): void {
    if (request !== undefined) noteSlot(request, redirect.slot)
    const slot = (request === undefined ? redirect.slot : this.slotOf(request)) ?? anySlot
    if (redirect.to === 'moved') this.#onMovedFrom(node, slot, redirect)
    else this.#subject.refresh()
  }

  /** Called when no reply is pending at the node. Requests that leave the node may now be sent to other nodes. */
  onQuiet(node: Node): void {
    for (const slot of this.ownership.settle(node)) this.waiting.open(slot)
    // While closing, this rejects what is for other nodes, and scripts whose redirection nobody confirms any more.
    this.deal(node)
    this.releaseSlots()
    node.onQuiet()
  }

  /** Called when the node may have been lost. Nothing is sent until a view that was asked for at this time or later confirms it. */
  onLost(node: Node, isNews: boolean, from = this.#now): void {
    if (this.#isClosing) return
    node.suspend(from)
    this.#subject.refresh(isNews)
    this.onQuiet(node)
  }

  /** Moves requests that wait at a node, but are for another node, to that node. */
  deal(node: Node): void {
    const { backlog } = node.shared
    const place = (request: Request, stay: (request: Request) => void): void => {
      if (this.#leaves(request, node)) this.#place(request)
      else stay(request)
    }
    // While replies are pending, it is not yet known whether refused requests can be sent again in order.
    const refused = node.isBusy ? [] : backlog.refused.takeAll()
    const queued = backlog.queue.takeAll()
    for (const request of refused) place(request, (each) => backlog.setApart(each))
    for (const request of queued) place(request, (each) => backlog.queue.push(each))
    backlog.noteShorter()
  }

  /**
   * Updates the owners of the slots from a view, from which the nodes were updated before.
   * @param askedAt clock time when the view was asked for
   * @returns whether the view contains something new
   */
  apply(view: View, askedAt: number): boolean {
    this.viewedAt = askedAt
    const isNew = this.ownership.apply(view, this.#nodes, askedAt)
    for (const node of this.#nodes) this.#review(node, askedAt)
    this.releaseSlots()
    return isNew
  }

  /** Sends the requests of slots that no longer have to wait. */
  releaseSlots(): void {
    if (this.#isClosing) return
    const isOpen = this.#nodes.openSlots((each) => this.slotOf(each))
    for (const [slot, { confirmedFrom, notBefore }] of this.waiting) {
      const owner = this.ownerOf(slot)
      if (owner === undefined || confirmedFrom > this.viewedAt) this.#subject.refresh()
      else if (notBefore > this.#now) this.waiting.lookAt(notBefore)
      else if (this.#doubtful.isOpen(slot)) continue
      // While replies are pending for the slot, it is looked at again every 5 ms.
      else if (slot !== anySlot && isOpen(slot)) this.waiting.lookAt(this.#now + 5)
      else {
        const requests = this.waiting.close(slot)
        let importing = this.#doubtful.importing(requests, owner, this.#nodes)
        for (const request of requests) {
          // The owner may redirect this one too. Later ones must not get to the importing node before it.
          if (!this.#asked.isRedirected(request)) importing = undefined
          this.#send(request, owner, importing)
        }
        this.#asked.end(slot, owner)
      }
    }
  }

  /** Whether a newer view is needed. */
  get needsView(): boolean {
    return (
      this.ownership.needsView ||
      [...this.waiting].some(([slot, each]) => each.confirmedFrom > this.viewedAt || this.ownerOf(slot) === undefined)
    )
  }

  /** Accepts no more requests, and rejects those that wait for a view. The others are sent. */
  close(): void {
    this.#isClosing = true
    this.waiting.rejectAll(rejections.closed)
    this.reads?.stop()
    for (const node of this.#nodes) {
      if (node.isBusy) this.deal(node)
      else this.onQuiet(node)
    }
  }

  /** Called when the node is removed. */
  forget(node: Node): void {
    this.ownership.forget(node)
    if (this.#anyMaster === node) this.#anyMaster = undefined
  }

  get #now(): number {
    return this.#subject.clock.now()
  }

  /** The code for reads from replicas is loaded when it is first needed. Until then, masters answer. */
  async #loadReads(): Promise<void> {
    if (this.#isLoading) return
    this.#isLoading = true
    try {
      const { ReplicaReads } = await import('./replica-reads.js')
      const onReturned = (request: Request): void => this.#place(request)
      const { intake } = this
      if (!this.#isClosing) this.reads = new ReplicaReads({ ...this.#subject, nodes: this.#nodes, intake, onReturned })
    } catch (error) {
      this.#isLoading = false
      this.#subject.onError(error as Error)
    }
  }

  #wait(slot: number, request: Request, signal: AbortSignal | undefined): void {
    if (this.waiting.admit(request)) {
      this.intake.watchNew(request, signal)
      this.waiting.insert(slot, request)
    }
    this.#subject.refresh()
  }

  /** Returns a master that is ready, or any master if none is ready. */
  #master(): Node | undefined {
    const current = this.#anyMaster
    if (!current?.isUsable || !this.slots.has(current)) this.#anyMaster = this.#nodes.bestMaster()
    return this.#anyMaster
  }

  /** @param by the node that has refused the request, which sends nothing until `onQuiet` */
  #putOff(request: Request, slot: number, by: Node, isOwnerGone = false): void {
    const now = this.#now
    if (request.refusals === 0) request.queuedAt = now
    request.refusals += 1
    this.#asked.noteRefused(slot, request)
    this.counters.refusedForNow += 1
    // The longest pause is 0.4 s. So, when a failover or a migration ends, the slot is soon in use again.
    const notBefore = now + backoffDelay(this.#subject.clock, Math.min(request.refusals, 4))
    const queue = this.waiting.open(slot, isOwnerGone ? now : -1, notBefore)
    if (isOwnerGone) this.#subject.refresh()
    // Requests of the slot that were not sent wait after this one. Those at this node are moved when it sends again.
    if (queue.isComplete || (by === this.ownerOf(slot) && !this.#asked.has(slot))) return
    queue.isComplete = true
    for (const node of this.#nodes) this.deal(node)
  }

  /** Like `#onMoved`, when the shared connection may already be idle. It would then not call `onQuiet`, so this method does. */
  #onMovedFrom(node: Node, slot: number, redirect: Redirect): void {
    this.#onMoved(node, slot, redirect)
    if (node.isBusy) node.hold()
    else this.onQuiet(node)
  }

  #onMoved(node: Node, slot: number, redirect: Redirect): void {
    const now = this.#now
    // Not found before: between the reply to a script and now, a node that no view contains may have been removed.
    const target = this.#nodes.targetOf(node, redirect)
    if (target === node) {
      node.onSelfRedirect(this.viewedAt)
      this.waiting.open(slot, now, now + backoffDelay(this.#subject.clock, node.selfRedirects))
    } else {
      node.selfRedirects = 0
      this.ownership.noteMoved(slot, node, target, now)
    }
    this.#subject.refresh()
  }

  #review(node: Node, askedAt: number): void {
    const { confirmedFrom, role } = node
    // Views contain only masters that have slots.
    const isOwner = role === 'master'
    if (role !== 'unknown' && (confirmedFrom ?? Infinity) <= askedAt) node.confirmedFrom = undefined
    // The client does not wait for a demoted master that is silent, because the effects of its commands may be discarded. Nor does
    // it wait at an address that the node has left. A reply from there may only be late, so it has twice the time.
    if (node.silence >= this.#subject.options.suspectAfter * (isOwner ? 2 : 1))
      node.renew(new Error('the cluster has changed'), isOwner)
    if (this.ownership.isLeaving(node)) node.hold()
    // Commands that may still run at this node are refused or discarded, so repeating them elsewhere needs no fence here.
    if (!isOwner && confirmedFrom !== undefined) node.settings.fence.abandon()
    if (!node.isBusy) this.onQuiet(node)
  }

  /** Whether a request that waits at the node is for another node. */
  #leaves(request: Request, node: Node): boolean {
    const slot = this.slotOf(request)
    if (slot === undefined) return false
    if (this.waiting.has(slot) || this.#doubtful.isOpen(slot)) return true
    // While closing, no view confirms the node any more.
    if (this.#isClosing && node.confirmedFrom !== undefined) return true
    const owner = this.ownerOf(slot)
    if (slot === anySlot) return node.confirmedFrom !== undefined && owner?.isUsable === true
    // While a node imports a slot, the slot still belongs to another node.
    return owner !== node && !(isAsking(request) && node.role === 'master' && node.confirmedFrom === undefined)
  }

  #place(request: Request): void {
    const slot = this.slotOf(request) ?? anySlot
    const owner = this.ownerOf(slot)
    if (this.#isClosing) request.fail('not-executed', rejections.closed)
    // Later requests of the slot may already be sent to the owner.
    else if (this.waiting.has(slot) || owner === undefined || isAsking(request)) this.waiting.insert(slot, request)
    else this.#send(request, owner)
  }

  /** @param importing the node to which the request is sent, if it is not the owner */
  #send(request: Request, owner: Node, importing?: Node): void {
    const doubt = this.#doubtful.take(request)
    if (doubt?.isTrue === false) {
      // The node does not confirm the redirect, so it came from the user's code.
      request.answer(doubt.reply, false)
      return
    }
    const slot = this.slotOf(request) ?? anySlot
    if (this.#asked.rejectsOvertaken(slot, request)) return
    if (doubt !== undefined) request.attempts -= 1
    if (importing !== undefined) {
      this.#ask(request, slot, importing)
      return
    }
    if (request.refusals === 0) request.refusal = null
    forgetAsking(request)
    this.#asked.noteSent(slot, request)
    owner.take(request)
    this.#subject.onSent()
  }

  /** Sends a request to the node that imports its slot. */
  #ask(request: Request, slot: number, importing: Node): void {
    const unanswered = this.#nodes.unanswered((each) => this.slotOf(each) === slot)
    const last = this.#asked.noteAsked(slot, this.ownerOf(slot), importing, unanswered)
    if (last !== undefined) {
      // What was not sent to that one is sent to the owner again. This request must not be sent before it.
      this.waiting.insert(slot, request)
      this.deal(last)
      this.waiting.lookAt(0)
      return
    }
    askFirst(request, () => this.#asked.rejectsOvertaken(slot, request, true))
    request.refusal = null
    importing.take(request)
    this.#subject.onSent()
  }
}
