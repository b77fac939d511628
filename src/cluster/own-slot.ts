/** What a node says of a slot itself: it has it; has it, and sends it to another node; or has it not. */
export type OwnSlot = 'stays' | 'leaves' | 'elsewhere'

/** Reads a reply to CLUSTER NODES, where a node names its own slots. Server documentation: CLUSTER NODES. */
export function ownSlotIn(nodes: string, slot: number): OwnSlot {
  const own = nodes.split('\n').find((line) => /^\S+ \S+ (\S+,)?myself\b/.test(line)) ?? ''
  const [, , , , , , , , ...slots] = own.trim().split(' ')
  // As in [93->-2a6ef…]: on its way there.
  if (slots.some((each) => each.startsWith(`[${slot}->-`))) return 'leaves'
  const hasIt = slots.some((each) => {
    const [from, to = from] = each.split('-').map(Number) as [number, number?]
    return from <= slot && slot <= (to as number)
  })
  return hasIt ? 'stays' : 'elsewhere'
}
