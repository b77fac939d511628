import { slotCount } from '../commands/slots.js'
import type { Reply } from '../protocol/types.js'

/** The address of a node. */
export interface Address {
  readonly host: string
  readonly port: number
}

export const isSame = (one: Address, other: Address): boolean => one.host === other.host && one.port === other.port

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

/** The node that was asked for a view. */
export interface Voter {
  readonly id: string
  readonly address: Address
  /** What the view in use says of it. */
  readonly role: 'master' | 'replica' | 'unknown'
}

/** The cluster as one server describes it. */
export interface View {
  readonly by: Voter
  readonly masters: readonly MasterView[]
  /** The number of slots that have an owner. */
  readonly covered: number
  /** A text that is equal for views which agree on the owners of the slots. */
  readonly text: string
}

/**
 * Reads a reply to CLUSTER SLOTS. Server documentation: CLUSTER SLOTS.
 *
 * @param by the node that was asked, because a server that does not know its own name leaves the host out
 * @returns undefined if this is not a reply to CLUSTER SLOTS, or if no slot has an owner: the server may have been removed from
 *   the cluster, or is not part of one yet
 */
export function viewOf(reply: Reply, by: Voter): View | undefined {
  if (!Array.isArray(reply) || reply.length === 0) return undefined
  const masters = new Map<string, MasterView & { replicas: NodeView[] }>()
  let covered = 0
  for (const range of reply) {
    if (!Array.isArray(range)) return undefined
    const [from, to, ...nodes] = range
    const [master, ...replicas] = nodes.map((node) => nodeOf(node, by.address.host))
    if (!isSlot(from) || !isSlot(to) || from > to || master === undefined) return undefined
    const known = masters.get(master.id) ?? { ...master, replicas: [], slots: [] }
    masters.set(master.id, known)
    known.slots.push([from, to])
    for (const replica of replicas) {
      if (replica !== undefined && !known.replicas.some(({ id }) => id === replica.id)) known.replicas.push(replica)
    }
    covered += to - from + 1
  }
  const all = [...masters.values()]
  const text = all
    .map(({ id, slots }) => `${id} ${[...slots].sort(([a], [b]) => a - b).join(' ')}`)
    .sort()
    .join('\n')
  return { by, masters: all, covered, text }
}

/** Whether a node is a master in a view. */
export const isMasterIn = ({ id }: { readonly id: string }, view: View | undefined): boolean =>
  view?.text.includes(`${id} `) === true

/** Returns how many of these views agree with one of them. */
export const votesFor = ({ text }: View, views: readonly View[]): number =>
  views.filter((other) => other.text === text).length

/**
 * Returns the view on which most servers agree. Among several, it prefers the view that covers more slots, then the view with
 * fewer suspects as masters, then the view that is already in use. Suspects are nodes that may be lost, and those among the nodes
 * that were asked which others do not name as masters: a demoted master that does not know it names itself.
 *
 * @param lost the nodes that may be lost
 * @param known the text of the view that is in use, if there is one
 */
export function mostAgreed(views: readonly View[], lost: readonly Voter[], known?: string): View | undefined {
  const disputed = views.map(({ by }) => by).filter((by) => views.some((view) => !isMasterIn(by, view)))
  const suspects = (view: View): number => [...lost, ...disputed].filter((node) => isMasterIn(node, view)).length
  const better = (one: View, other: View): number =>
    votesFor(other, views) - votesFor(one, views) ||
    other.covered - one.covered ||
    suspects(one) - suspects(other) ||
    Number(other.text === known) - Number(one.text === known)
  return [...views].sort(better)[0]
}

/**
 * When a new connection to a node is ready, the last view still counts if it was asked for at most this many milliseconds before.
 * Otherwise, nothing is sent until a newer view: another node may have taken the place of this one while it was connected.
 */
export const recentMs = 250

const isSlot = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < slotCount

function nodeOf(reply: Reply | undefined, answering: string): NodeView | undefined {
  if (!Array.isArray(reply)) return undefined
  const [host, port, id] = reply
  if (typeof port !== 'number') return undefined
  const name = String(host ?? '')
  const address = name === '?' ? undefined : { host: name || answering, port }
  // Servers before 4.0 do not return ids.
  return { id: id === undefined ? `${name}:${port}` : String(id), address }
}
