/** What a node reports: it has the slot; it has the slot but is moving it to another node; or it does not have the slot. */
export type OwnSlot = 'stays' | 'leaves' | 'elsewhere'

/** Returns the line in which a node describes itself; empty if there is none. */
export const ownLineIn = (nodes: string): string =>
  nodes.split('\n').find((line) => /^\S+ \S+ (\S+,)?myself\b/.test(line)) ?? ''

/** Returns the ranges of slots, first and last, that a node names in the line in which it describes itself. */
export const rangesIn = (ownLine: string): (readonly [from: number, to: number])[] =>
  ownLine
    .trim()
    .split(' ')
    .slice(8)
    .map((range) => {
      // `[93->-2a6ef…]` means that slot 93 is being moved to that node, `[93-<-2a6ef…]` that it is being imported from it. These
      // become ranges of NaN, which contain no slot.
      const [from, to = from] = range.split('-').map(Number) as [number, number]
      return [from, to]
    })

/**
 * Reads a reply to CLUSTER NODES, where a node names its own slots. Server documentation: CLUSTER NODES.
 *
 * @param wasAsked whether a request was sent after ASKING: a node that imports the slot then runs it, as if it had the slot
 * @returns undefined if this is not a reply to CLUSTER NODES
 */
export function ownSlotIn(nodes: string, slot: number, wasAsked: boolean): OwnSlot | undefined {
  const own = ownLineIn(nodes)
  if (own === '') return undefined
  if (own.includes(`[${slot}->`)) return 'leaves'
  const hasIt = rangesIn(own).some(([from, to]) => from <= slot && slot <= to)
  return hasIt || (wasAsked && own.includes(`[${slot}-<`)) ? 'stays' : 'elsewhere'
}
