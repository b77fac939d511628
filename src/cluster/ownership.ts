import { slotCount } from '../commands/slots.js'
import type { Node } from './node.js'
import type { Nodes } from './nodes.js'
import { SlotMap } from './slot-map.js'
import type { View } from './view.js'

/** Milliseconds for which a node that has said MOVED is believed more than a view that gives it the slot. */
const movedMs = 1_000

/**
 * Which node has which slot, by what views and redirects say. A slot whose owner still owes replies keeps it until `settle`: what was
 * sent there before takes effect before what is sent to the new owner.
 */
export class Ownership {
  readonly slots = new SlotMap()
  /** Slots that leave a node as soon as it owes no reply. */
  readonly #leaving = new Map<Node, Map<number, Node | undefined>>()
  /** Who has said MOVED for a slot, and when. */
  readonly #moved = new Map<number, { readonly by: Node; readonly at: number }>()

  /** Whether a node has said by MOVED what no view has confirmed yet. */
  get isAhead(): boolean {
    return this.#moved.size > 0
  }

  /** A node says that another has the slot. @param at clock time */
  noteMoved(slot: number, by: Node, to: Node, at: number): void {
    const owner = this.slots.ownerOf(slot)
    if (owner === by) {
      this.#leave(by, slot, to)
      this.#moved.set(slot, { by, at })
    } else if (owner === undefined) this.slots.set(slot, to)
  }

  /**
   * Takes over a view.
   * @param askedAt clock time
   * @returns whether it says something new, and who has slots by it
   */
  apply(view: View, nodes: Nodes, askedAt: number): { isNew: boolean; owners: ReadonlySet<Node | undefined> } {
    const owners: (Node | undefined)[] = new Array(slotCount).fill(undefined)
    for (const { id, slots } of view.masters) {
      const node = nodes.byId(id)
      for (const [from, to] of slots) owners.fill(node, from, to + 1)
    }
    let isNew = false
    for (let slot = 0; slot < slotCount; slot += 1) isNew = this.#assign(slot, owners[slot], askedAt) || isNew
    return { isNew, owners: new Set(owners) }
  }

  isLeaving(node: Node): boolean {
    return (this.#leaving.get(node)?.size ?? 0) > 0
  }

  /** The node owes no reply: the slots that leave it have their new owners. */
  settle(node: Node): void {
    for (const [slot, target] of this.#leaving.get(node) ?? []) this.slots.set(slot, target)
    this.#leaving.delete(node)
  }

  /** The node is left for good. */
  forget(node: Node): void {
    this.#leaving.delete(node)
    this.slots.forget(node)
  }

  #leave(node: Node, slot: number, target: Node | undefined): void {
    const leaving = this.#leaving.get(node) ?? new Map<number, Node | undefined>()
    this.#leaving.set(node, leaving)
    leaving.set(slot, target)
  }

  /** @returns whether that is new */
  #assign(slot: number, next: Node | undefined, askedAt: number): boolean {
    const current = this.slots.ownerOf(slot)
    const moved = this.#moved.get(slot)
    if (moved !== undefined) {
      if (moved.by === next && askedAt < moved.at + movedMs) return false
      this.#moved.delete(slot)
    }
    if (current === next) {
      this.#leaving.get(current as Node)?.delete(slot)
      return false
    }
    if (current === undefined) this.slots.set(slot, next)
    else this.#leave(current, slot, next)
    return true
  }
}
