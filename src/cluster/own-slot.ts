/** What a node reports: it has the slot; it has the slot but is moving it to another node; or it does not have the slot. */
export type OwnSlot = 'stays' | 'leaves' | 'elsewhere'

/** Returns the line of a reply to CLUSTER NODES that describes the node itself. */
export const ownLineIn = (nodes: string): string =>
  nodes.split('\n').find((line) => /^\S+ \S+ (\S+,)?myself\b/.test(line)) ?? ''

/** Reads a reply to CLUSTER NODES, where a node names its own slots. Server documentation: CLUSTER NODES. */
export function ownSlotIn(nodes: string, slot: number): OwnSlot {
  const [, , , , , , , , ...slots] = ownLineIn(nodes).trim().split(' ')
  // `[93->-2a6ef…]` means that slot 93 is being moved to that node.
  if (slots.some((each) => each.startsWith(`[${slot}->-`))) return 'leaves'
  const hasIt = slots.some((each) => {
    const [from, to = from] = each.split('-').map(Number) as [number, number?]
    return from <= slot && slot <= (to as number)
  })
  return hasIt ? 'stays' : 'elsewhere'
}
