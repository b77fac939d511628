import { slotCount } from '../commands/slots.js'
import type { Reply } from '../protocol/types.js'

/** Where a node can be reached. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** A node, as a server describes it. */
export interface NodeView {
  readonly id: string
  /** Undefined if the server does not know it. */
  readonly address: Address | undefined
}

/** A master, as a server describes it. */
export interface MasterView extends NodeView {
  readonly replicas: readonly NodeView[]
  /** The first and the last slot of each range. */
  readonly slots: (readonly [from: number, to: number])[]
}

/** How one server sees its cluster. */
export interface View {
  readonly masters: readonly MasterView[]
  /** Slots that somebody has. */
  readonly covered: number
  /** The same text for views that agree on who has which slots. */
  readonly text: string
}

/**
 * Reads a reply to CLUSTER SLOTS. Server documentation: CLUSTER SLOTS.
 *
 * @param answering the host that was asked: a server that does not know its own names leaves the host out
 * @returns undefined if the reply is none
 */
export function viewOf(reply: Reply, answering: string): View | undefined {
  if (!Array.isArray(reply)) return undefined
  const masters = new Map<string, MasterView & { replicas: NodeView[] }>()
  let covered = 0
  for (const range of reply) {
    if (!Array.isArray(range)) return undefined
    const [from, to, ...nodes] = range
    const [master, ...replicas] = nodes.map((node) => nodeOf(node, answering))
    if (!isSlot(from) || !isSlot(to) || from > to || master === undefined) return undefined
    const known = masters.get(master.id) ?? { ...master, replicas: [], slots: [] }
    masters.set(master.id, known)
    known.slots.push([from, to])
    for (const replica of replicas) {
      if (replica !== undefined && !known.replicas.some(({ id }) => id === replica.id)) known.replicas.push(replica)
    }
    covered += to - from + 1
  }
  const text = [...masters.values()]
    .map(({ id, slots }) => `${id} ${[...slots].sort(([a], [b]) => a - b).join(' ')}`)
    .sort()
    .join('\n')
  return { masters: [...masters.values()], covered, text }
}

/**
 * The view that most of them agree on; of several, one that covers more slots; then one that gives fewer slots to suspects; then
 * what is believed already.
 *
 * @param isSuspect whether nobody has heard of the node with this id lately
 * @param known the text of the view that is believed
 */
export function mostAgreed(
  views: readonly View[],
  isSuspect: (id: string) => boolean,
  known: string,
): View | undefined {
  const votes = new Map<string, number>()
  for (const { text } of views) votes.set(text, (votes.get(text) ?? 0) + 1)
  const suspects = ({ masters }: View): number => masters.filter(({ id }) => isSuspect(id)).length
  const better = (one: View, other: View): number =>
    (votes.get(other.text) ?? 0) - (votes.get(one.text) ?? 0) ||
    other.covered - one.covered ||
    suspects(one) - suspects(other) ||
    Number(other.text === known) - Number(one.text === known)
  return [...views].sort(better)[0]
}

const isSlot = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < slotCount

function nodeOf(reply: Reply | undefined, answering: string): NodeView | undefined {
  if (!Array.isArray(reply)) return undefined
  const [host, port, id] = reply
  if (typeof port !== 'number') return undefined
  const name = host === null || host === undefined ? '' : String(host)
  const address = name === '?' ? undefined : { host: name === '' ? answering : name, port }
  // Servers before 4.0 give no ids.
  return { id: id === undefined ? `${name}:${port}` : String(id), address }
}
