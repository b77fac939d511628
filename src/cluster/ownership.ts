import { slotCount } from '../commands/slots.js'
import { AskedRequests } from './asked-requests.js'
import type { Node } from './node.js'
import type { Nodes } from './nodes.js'
import { SlotMap } from './slot-map.js'
import type { View } from './view.js'

/** For this many milliseconds, MOVED from a node counts more than a view in which the node still has the slot. */
const movedMs = 1_000

/**
 * The owners of the slots, from views and redirections. While replies of the old owner are pending, a slot keeps this owner until
 * `settle`. So requests that were sent to the old owner take effect before those that are sent to the new one.
 */
export class Ownership {
  readonly slots = new SlotMap()
  /** Slots that leave a node as soon as no reply is pending there. */
  readonly #leaving = new Map<Node, Map<number, Node | undefined>>()
  /** The node that replied MOVED for a slot, and when. */
  readonly #moved = new Map<number, { readonly by: Node; readonly at: number }>()
  readonly asked = new AskedRequests()
  /** To each of these sets, slots are added as soon as it is known that they leave their owners. */
  readonly watchers = new Set<Set<number>>()

  /** Whether there was a MOVED that no view has confirmed yet, so that other slots may have moved too. */
  get needsView(): boolean {
    return this.#moved.size > 0
  }

  /** Notes that a node has replied MOVED, because another node has the slot. @param at clock time */
  noteMoved(slot: number, by: Node, to: Node, at: number): void {
    const owner = this.slots.ownerOf(slot)
    if (owner === by) {
      this.#leave(by, slot, to)
      this.#moved.set(slot, { by, at })
    } else if (owner === undefined) this.slots.set(slot, to)
  }

  /**
   * Updates the owners from a view.
   * @param askedAt clock time when the view was asked for
   * @returns whether the view contains something new
   */
  apply(view: View, nodes: Nodes, askedAt: number): boolean {
    // An array with a node for each slot would take 1 ms to create.
    const owners = new Uint16Array(slotCount)
    const masters: (Node | undefined)[] = [undefined]
    for (const { id, slots } of view.masters) {
      for (const [from, to] of slots) owners.fill(masters.length, from, to + 1)
      masters.push(nodes.byId(id))
    }
    let isNew = false
    // An iterator would make a pair for each slot.
    owners.forEach((index, slot) => {
      if (this.#assign(slot, masters[index], askedAt)) isNew = true
    })
    return isNew
  }

  /** Whether the node has slots, or gets some as soon as they have left their owner. */
  isOwner(node: Node): boolean {
    return this.slots.has(node) || [...this.#leaving.values()].some((slots) => [...slots.values()].includes(node))
  }

  isLeaving(node: Node): boolean {
    return !!this.#leaving.get(node)?.size
  }

  /** Returns the owner of a slot. Returns undefined if there is none, or while the slot leaves its owner. */
  settledOwnerOf(slot: number): Node | undefined {
    const owner = this.slots.ownerOf(slot)
    return this.#leaving.get(owner as Node)?.has(slot) ? undefined : owner
  }

  /**
   * Called when no reply is pending at the node. Slots that leave the node get their new owners.
   * @returns those whose requests may still be in flight to a node that imported the slot
   */
  settle(node: Node): number[] {
    const split: number[] = []
    for (const [slot, target] of this.#leaving.get(node) ?? []) {
      this.slots.set(slot, target)
      if (this.asked.has(slot)) split.push(slot)
    }
    this.#leaving.delete(node)
    return split
  }

  /** Called when the node is removed. */
  forget(node: Node): void {
    this.#leaving.delete(node)
    this.slots.forget(node)
  }

  #leave(node: Node, slot: number, target: Node | undefined): void {
    const leaving = this.#leaving.get(node) ?? new Map<number, Node | undefined>()
    this.#leaving.set(node, leaving)
    leaving.set(slot, target)
    for (const changed of this.watchers) changed.add(slot)
  }

  /** @returns whether the slot gets another owner */
  #assign(slot: number, next: Node | undefined, askedAt: number): boolean {
    const current = this.slots.ownerOf(slot)
    // The sizes are asked first, because this is done for all slots of each view.
    const moved = this.#moved.size > 0 ? this.#moved.get(slot) : undefined
    if (moved !== undefined) {
      if (moved.by === next && askedAt < moved.at + movedMs) return false
      this.#moved.delete(slot)
    }
    if (current === next) {
      if (this.#leaving.size > 0) this.#leaving.get(current as Node)?.delete(slot)
      return false
    }
    if (current === undefined) this.slots.set(slot, next)
    else this.#leave(current, slot, next)
    return true
  }
}
