import { slotCount } from '../commands/slots.js'
import type { Node } from './node.js'

/** The owner of each slot. It needs 32 kB of memory. */
export class SlotMap {
  readonly #owners = new Uint16Array(slotCount)
  /** The nodes by number. Number 0 means that a slot has no owner. */
  readonly #nodes: (Node | undefined)[] = [undefined]

  ownerOf(slot: number): Node | undefined {
    return this.#nodes[this.#owners[slot] as number]
  }

  set(slot: number, node: Node | undefined): void {
    this.#owners[slot] = this.#numberOf(node)
  }

  /** Whether the node has any slot. */
  has(node: Node): boolean {
    // No slot has the number -1 of an unknown node.
    return this.#owners.includes(this.#nodes.indexOf(node))
  }

  /** Returns the first and the last slot of each range that the node has. */
  rangesOf(node: Node): [from: number, to: number][] {
    const ranges: [number, number][] = []
    const number = this.#nodes.indexOf(node)
    for (let slot = 0; slot < slotCount; slot += 1) {
      if (this.#owners[slot] !== number) continue
      const last = ranges.at(-1)
      if (last?.[1] === slot - 1) last[1] = slot
      else ranges.push([slot, slot])
    }
    return ranges
  }

  /** Called when the node is removed. The next new node gets its number. */
  forget(node: Node): void {
    const number = this.#nodes.indexOf(node)
    if (number > 0 && !this.#owners.includes(number)) this.#nodes[number] = undefined
  }

  #numberOf(node: Node | undefined): number {
    if (node === undefined) return 0
    const known = this.#nodes.indexOf(node)
    if (known > 0) return known
    const free = this.#nodes.indexOf(undefined, 1)
    const number = free > 0 ? free : this.#nodes.length
    this.#nodes[number] = node
    return number
  }
}
