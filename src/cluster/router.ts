import { Counters } from '../connection/request/counters.js'
import * as rejections from '../connection/request/rejections.js'
import type { Rejection, Request } from '../connection/request/request.js'
import { backoffDelay } from '../connection/timing/backoff.js'
import type { Clock } from '../connection/timing/clock.js'
import type { ConfiguredRequest } from '../dispatch/configured-request.js'
import { RedirectError } from '../errors.js'
import type { Redirect, ResolvedOptions } from '../options/options.js'
import type { ErrorReply } from '../protocol/types.js'
import { askFirst, forgetAsking, isAsking } from './asking.js'
import { CommonIntake } from './common-intake.js'
import type { Node } from './node.js'
import type { Nodes } from './nodes.js'
import { Ownership } from './ownership.js'
import type { SlotMap } from './slot-map.js'
import { anySlot, noteSlot, slotOfRequest } from './slots-of-requests.js'
import type { View } from './view.js'
import { WaitingSlots } from './waiting-slots.js'

/** Milliseconds until it is looked again whether replies are pending for a slot. */
const quietMs = 5

/** A server says that a request belongs elsewhere. */
export interface Redirection {
  readonly request: Request
  readonly reply: ErrorReply
  readonly redirect: Redirect
  /** The reply may be the word of the user's code, after it did some work. */
  readonly mayHaveRun: boolean
}

/** The cluster that a router works for. */
export interface RouterSubject {
  readonly options: ResolvedOptions
  readonly clock: Clock
  readonly maxRedirects: number
  /** Nothing is known yet, and a request waits. */
  onNeeded(): void
  /** A newer view is needed. @param isNews because something has just happened */
  refresh(isNews?: boolean): void
  /** Requests were sent: a node may fall silent. */
  onSent(): void
  lastError(): Error | undefined
}

/**
 * Decides which node a request is sent to, and keeps the order of the effects on each key while slots move.
 *
 * ```
 *   call ──▶ owner of its slot ──▶ the node's shared connection
 *     └────▶ queue of its slot, while the slot is in trouble ──▶ owner
 * ```
 *
 * A slot changes its owner, as far as new requests are concerned, when the old owner owes no reply any more: at that moment all
 * requests of the slot that were sent back, or were not sent, move to the new owner, before those that are called later.
 */
export class Router {
  readonly counters = new Counters()
  readonly intake: CommonIntake
  readonly slots: SlotMap
  readonly waiting: WaitingSlots
  readonly #subject: RouterSubject
  readonly #nodes: Nodes
  readonly #ownership = new Ownership()
  readonly #redirects = new WeakMap<Request, number>()
  /** MOVED may be the word of the user's code, until a view shows that the node has not the slot. */
  readonly #doubtful = new Map<Request, { readonly by: Node; readonly reply: Redirection['reply'] }>()
  /** For commands without keys. */
  #anyMaster: Node | undefined
  /** A view has been applied; the clock time when it was asked for. */
  viewedAt = -1
  #isClosing = false

  constructor(subject: RouterSubject, nodes: Nodes) {
    this.#subject = subject
    this.#nodes = nodes
    const { clock, options } = subject
    this.slots = this.#ownership.slots
    this.intake = new CommonIntake(clock, this.counters)
    this.waiting = new WaitingSlots({
      options,
      clock,
      counters: this.counters,
      lastError: () => subject.lastError(),
      onDue: () => this.releaseSlots(),
    })
  }

  /** Takes in a request, which is settled exactly once. @throws UsageError if it can't be sent to one node */
  enqueue(request: ConfiguredRequest, signal: AbortSignal | undefined): void {
    if (this.intake.rejectAborted(request, signal)) return
    if (this.#isClosing) {
      request.fail('not-executed', rejections.closed)
      return
    }
    const slot = slotOfRequest(request, this.#subject.options.keyPrefix) ?? anySlot
    const queue = this.waiting.size === 0 ? undefined : this.waiting.get(slot)
    const node = this.ownerOf(slot)
    if (queue !== undefined || node === undefined) {
      this.#wait(slot, request, signal)
      return
    }
    if (!node.shared.admit(request)) return
    this.intake.watch(request, signal, this.intake.nextInstant())
    node.push(request)
    this.#subject.onSent()
  }

  /** See `slotOfRequest`. */
  slotOf(request: Request): number | undefined {
    try {
      return slotOfRequest(request, this.#subject.options.keyPrefix)
    } catch {
      // A key that the caller has changed since the call: it will be refused when it is to be sent.
      return anySlot
    }
  }

  ownerOf(slot: number): Node | undefined {
    return slot === anySlot ? this.#master() : this.slots.ownerOf(slot)
  }

  /** See `onRefused` of the router of a shared connection. @param isInOrder nothing is set apart there */
  onRedirected(node: Node, redirection: Redirection, isInOrder: boolean): boolean {
    const { request, reply, redirect, mayHaveRun } = redirection
    const { to } = redirect
    request.state = 'queued'
    if (this.#isClosing) {
      request.fail('not-executed', rejections.closed)
      return true
    }
    // Of the user's code, only MOVED can be checked.
    if (mayHaveRun && to !== 'moved' && (!request.mayReplay() || request.attempts >= request.maxAttempts)) {
      request.answer(reply, false)
      return true
    }
    noteSlot(request, redirect.slot)
    const slot = this.slotOf(request) ?? anySlot
    request.refusal = reply
    if (to === 'later' || to === 'owner') {
      this.#putOff(request, slot, to)
      return false
    }
    if (this.#isSentOnTooOften(request)) return true
    if (mayHaveRun && to === 'moved') {
      this.#doubtful.set(request, { by: node, reply })
      this.waiting.open(slot, { confirmedFrom: this.#now })
      this.#subject.refresh()
      return false
    }
    const target = this.#nodes.at({ host: redirect.host || node.announced.host, port: redirect.port })
    if (to === 'moved') {
      // Others may be under way from the owner to the node that imports the slot.
      if (forgetAsking(request)) this.waiting.open(slot, {})
      this.#onMoved(node, slot, target)
      return false
    }
    if (!isInOrder) return false
    const queue = this.waiting.get(slot)
    if (queue !== undefined) {
      this.waiting.insert(queue, request)
      return true
    }
    askFirst(request)
    request.refusal = null
    target.push(request)
    this.#subject.onSent()
    return true
  }

  /** The same for a blocking request, which is not on a shared connection. */
  onRedirectedBlocking(node: Node, request: Request, { to, slot, host, port }: Redirect): void {
    noteSlot(request, slot)
    if (to === 'moved') {
      const target = this.#nodes.at({ host: host || node.announced.host, port })
      this.#onMoved(node, this.slotOf(request) ?? anySlot, target)
      if (!node.isBusy) this.onQuiet(node)
      else node.hold()
    } else this.#subject.refresh()
  }

  /** The node owes no reply: what leaves it may be sent elsewhere. */
  onQuiet(node: Node): void {
    if (this.#isClosing) return
    this.#ownership.settle(node)
    this.deal(node)
    this.releaseSlots()
    if (node.confirmedFrom === undefined) node.release()
  }

  /**
   * The connection to the node was lost, or can't be made: nothing is sent to it until a view confirms it.
   * @param isNews it was ready before
   */
  onLost(node: Node, isNews: boolean): void {
    if (this.#isClosing) return
    node.confirmedFrom = this.#now
    node.hold()
    this.#subject.refresh(isNews)
    this.onQuiet(node)
  }

  /** Sends what waits at a node and belongs elsewhere to where it belongs. */
  deal(node: Node): void {
    const { backlog } = node.shared
    const place = (request: Request, stay: (request: Request) => void): void => {
      if (this.#leaves(request, node)) this.#place(request)
      else stay(request)
    }
    // While replies are pending, it is not decided whether those that were refused can be sent again in order.
    const refused = node.isBusy ? [] : backlog.refused.takeAll()
    const queued = backlog.queue.takeAll()
    for (const request of refused) place(request, (each) => backlog.setApart(each))
    for (const request of queued) place(request, (each) => backlog.queue.push(each))
    backlog.noteShorter()
  }

  /**
   * Takes over who has which slots.
   * @param askedAt clock time
   * @returns whether it says something new
   */
  apply(view: View, askedAt: number): boolean {
    this.viewedAt = askedAt
    const { isNew, owners } = this.#ownership.apply(view, this.#nodes, askedAt)
    for (const node of this.#nodes) this.#review(node, owners.has(node), askedAt)
    this.releaseSlots()
    return isNew
  }

  /** Sends the requests of slots whose trouble is over. */
  releaseSlots(): void {
    if (this.#isClosing) return
    const now = this.#now
    for (const [slot, { confirmedFrom, notBefore }] of this.waiting) {
      const owner = this.ownerOf(slot)
      if (owner === undefined || confirmedFrom > this.viewedAt) this.#subject.refresh()
      else if (notBefore > now) this.waiting.lookAt(notBefore)
      else if (this.#isOwed(slot)) this.waiting.lookAt(now + quietMs)
      else for (const request of this.waiting.close(slot)) this.#send(request, owner)
    }
  }

  /** Whether a newer view is needed. */
  get needsView(): boolean {
    // What a node has said by MOVED is in no view yet: other slots may have moved with it.
    if (this.#ownership.isAhead) return true
    for (const [slot, { confirmedFrom }] of this.waiting) {
      if (confirmedFrom > this.viewedAt || this.ownerOf(slot) === undefined) return true
    }
    return false
  }

  /** Takes in no more, and rejects what waits for a view. */
  close(rejection: Rejection): void {
    this.#isClosing = true
    this.waiting.rejectAll(rejection)
    this.waiting.stop()
    this.#doubtful.clear()
  }

  /** The node is left for good. */
  forget(node: Node): void {
    this.#ownership.forget(node)
    if (this.#anyMaster === node) this.#anyMaster = undefined
  }

  get #now(): number {
    return this.#subject.clock.now()
  }

  #wait(slot: number, request: Request, signal: AbortSignal | undefined): void {
    if (!this.waiting.admit(request)) {
      this.#subject.onNeeded()
      return
    }
    this.intake.watch(request, signal, this.intake.nextInstant())
    const queue = this.waiting.get(slot) ?? this.waiting.open(slot, {})
    this.waiting.insert(queue, request)
    this.#subject.onNeeded()
  }

  /** A master that is ready; any, if none is. */
  #master(): Node | undefined {
    const current = this.#anyMaster
    if (current?.isUsable === true && this.slots.has(current)) return current
    const masters = [...this.#nodes].filter((node) => node.role === 'master')
    this.#anyMaster =
      masters.find(({ isUsable }) => isUsable) ?? masters.find((node) => node.confirmedFrom === undefined) ?? masters[0]
    return this.#anyMaster
  }

  #putOff(request: Request, slot: number, to: 'later' | 'owner'): void {
    const now = this.#now
    if (request.refusals === 0) request.queuedAt = now
    request.refusals += 1
    this.counters.refusedForNow += 1
    this.waiting.open(slot, {
      notBefore: now + backoffDelay(this.#subject.clock, request.refusals),
      ...(to === 'owner' ? { confirmedFrom: now } : {}),
    })
    if (to === 'owner') this.#subject.refresh()
    // What was not sent waits behind it.
    for (const node of this.#nodes) if (node.shared.backlog.count > 0) this.deal(node)
  }

  #isSentOnTooOften(request: Request): boolean {
    const { maxRedirects } = this.#subject
    const count = (this.#redirects.get(request) ?? 0) + 1
    this.#redirects.set(request, count)
    if (count <= maxRedirects) return false
    request.fail(
      'not-executed',
      (about) =>
        new RedirectError(`${about.command}: sent on from node to node more than ${maxRedirects} times`, about),
    )
    return true
  }

  #onMoved(node: Node, slot: number, target: Node): void {
    const now = this.#now
    if (target === node) {
      // A proxy, or a name that leads to another server now.
      node.selfRedirects += 1
      this.waiting.open(slot, {
        confirmedFrom: now,
        notBefore: now + backoffDelay(this.#subject.clock, node.selfRedirects),
      })
      if (node.selfRedirects % 2 === 0)
        this.#subject.clock.defer(() => node.renew(new Error('the node says that its slots are at its own address')))
    } else {
      node.selfRedirects = 0
      this.#ownership.noteMoved(slot, node, target, now)
    }
    this.#subject.refresh()
  }

  #review(node: Node, isOwner: boolean, askedAt: number): void {
    const { confirmedFrom } = node
    const isNamed = node.role !== 'unknown'
    if (isNamed && confirmedFrom !== undefined && confirmedFrom <= askedAt) node.confirmedFrom = undefined
    const isLeaving = this.#ownership.isLeaving(node)
    if (isLeaving || !isOwner) {
      // A deposed master that says nothing is not waited for: what it would answer may be thrown away.
      const isDeposed = !isOwner && node.isBusy && node.silence >= this.#subject.options.suspectAfter
      if (isDeposed) node.renew(new Error('the node is silent, and others have its slots'))
      if (isLeaving) node.hold()
    }
    // What it may still run is thrown away, or refused: repeats at the new owner need not wait for it.
    if (!isOwner && confirmedFrom !== undefined) node.settings.fence.abandon()
    if (!node.isBusy) this.onQuiet(node)
  }

  /** Whether the request, which waits at the node, belongs elsewhere. */
  #leaves(request: Request, node: Node): boolean {
    const slot = this.slotOf(request)
    if (slot === undefined) return false
    if (this.waiting.get(slot) !== undefined) return true
    const owner = this.ownerOf(slot)
    if (slot === anySlot) return node.confirmedFrom !== undefined && owner?.isUsable === true
    // A slot that is being imported belongs to another node.
    return owner !== node && !(isAsking(request) && node.role === 'master' && node.confirmedFrom === undefined)
  }

  #place(request: Request): void {
    const slot = this.slotOf(request) ?? anySlot
    const owner = this.ownerOf(slot)
    const queue = this.waiting.get(slot)
    if (queue !== undefined) this.waiting.insert(queue, request)
    // Later requests of the slot may be under way to the owner.
    else if (owner === undefined || isAsking(request)) this.waiting.insert(this.waiting.open(slot, {}), request)
    else this.#send(request, owner)
  }

  #send(request: Request, owner: Node): void {
    const doubt = this.#doubtful.get(request)
    this.#doubtful.delete(request)
    if (doubt?.by === owner) {
      // It is still its slot: the user's code has said so.
      request.answer(doubt.reply, false)
      return
    }
    if (request.refusals === 0) request.refusal = null
    owner.push(request)
    this.#subject.onSent()
  }

  /** Whether replies are pending for the slot, or a node still has requests of it. */
  #isOwed(slot: number): boolean {
    if (slot === anySlot) return false
    for (const { shared } of this.#nodes) {
      for (const request of shared.connection?.owed() ?? []) {
        if (request.state === 'sent' && this.slotOf(request) === slot) return true
      }
      for (const request of shared.backlog) if (this.slotOf(request) === slot) return true
    }
    return false
  }
}
