import { table } from '../commands/catalogue.js'
import { slotCount, slotOfKey } from '../commands/slots.js'
import type { DispatchTarget } from '../dispatch/dispatcher.js'
import { Dispatcher } from '../dispatch/dispatcher.js'
import { type ScanOptions, scanAll } from '../dispatch/scan.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { ClusterRuntime } from './cluster-runtime.js'
import type { Node } from './node.js'
import type { Nodes } from './nodes.js'
import { ownLineIn, rangesIn } from './own-slot.js'
import { lasted } from './routed-pool.js'
import type { Address } from './view.js'

type Options = ScanOptions & { readonly type?: string }

/** A slot whose keys are being moved from one node to another. */
interface Migration {
  readonly name: string
  readonly slot: number
  /** From the node that the slot leaves. */
  readonly report: Report
  /** The id of the node that imports it. */
  readonly to: string
}

/**
 * Scans one master after the other. Slots that get another owner during the scan are scanned again at the new owner. At the end,
 * each node is asked about its own slots, because the nodes that took no part in a move hear of it later than its source. For a
 * slot that is being moved, the source node is scanned first and then the target node, because keys only move in this direction.
 *
 * @param targetOf returns the target for commands to one node
 */
export async function* clusterScan<Bulk extends string | Buffer>(
  runtime: ClusterRuntime,
  settings: ResolvedCallOptions,
  options: Options,
  targetOf: (node: Node) => DispatchTarget,
): AsyncGenerator<Bulk> {
  const { clock, router } = runtime
  const { ownership } = router
  const patience = runtime.options.queueTimeout || runtime.options.connectDeadline
  const { signal } = settings
  const scan = (node: Node): AsyncGenerator<Bulk> => scanAll<Bulk>(new Dispatcher(targetOf(node), settings), options)
  const rest = new Set(new Array(slotCount).keys())
  const done = new Set<string>()
  const deniedIn = denials(runtime, patience)
  /** Waits for a view. If the signal ends the wait, the next command is rejected. */
  const viewed = <T>(find: () => T | undefined): Promise<T | undefined> => runtime.whenViewed(find, patience, signal)
  const freshView = (): Promise<unknown> => {
    const from = clock.now()
    return viewed(() => router.viewedAt >= from || undefined)
  }
  const changed = new Set<number>()
  ownership.watchers.add(changed)
  try {
    for (;;) {
      while (rest.size > 0) {
        const [first = 0] = rest
        const node = (await viewed(() => runtime.settledOwnerOf(first))) ?? ([...runtime.nodes][0] as Node)
        const own = new Set([...rest].filter((slot) => ownership.settledOwnerOf(slot) === node))
        for (const slot of own) changed.delete(slot)
        try {
          for await (const key of scan(node)) if (own.has(slotOfKey(key))) yield key
        } catch (error) {
          await freshView().catch(() => {})
          if (ownership.settledOwnerOf(first) === node) throw error
          continue
        }
        for (const slot of own) if (!changed.has(slot)) rest.delete(slot)
      }
      const reports = await reportsOf(runtime, settings, targetOf)
      for (const slot of deniedIn(reports)) changed.add(slot)
      const moving = migrationsIn(reports).filter(({ name }) => !done.has(name))
      // This view contains moves that this client did not know about yet, and moves that have ended in the meantime.
      await freshView()
      for (const slot of changed) rest.add(slot)
      if (rest.size > 0) continue
      if (moving.length === 0) return
      for (const migration of moving) {
        done.add(migration.name)
        for (const node of nodesOf(migration, runtime.nodes)) {
          for await (const key of scan(node)) if (slotOfKey(key) === migration.slot) yield key
        }
      }
    }
  } finally {
    ownership.watchers.delete(changed)
  }
}

/** What a node reports about the cluster. */
interface Report {
  readonly node: Node
  readonly text: string
  /** The line in which the node describes itself. */
  readonly own: string
}

/** Asks each node that has slots, as far as this client knows. Server documentation: CLUSTER NODES. */
const reportsOf = (
  { owners }: ClusterRuntime,
  settings: ResolvedCallOptions,
  targetOf: (node: Node) => DispatchTarget,
): Promise<readonly Report[]> =>
  Promise.all(
    owners.map(async (node) => {
      const dispatcher = new Dispatcher(targetOf(node), { ...settings, buffers: false, raw: false })
      const text = await dispatcher.send<string>(table['CLUSTER NODES'], ['CLUSTER', 'NODES'])
      return { node, text, own: ownLineIn(text) }
    }),
  )

/** Returns the slots that are being moved, as reported by the nodes that they leave. */
const migrationsIn = (reports: readonly Report[]): Migration[] =>
  reports.flatMap((report) =>
    [...report.own.matchAll(/\[(\d+)->-(\w+)\]/g)].map(([, slot, to = '']) => {
      return { name: `${slot} ${report.node.id} ${to}`, slot: Number(slot), report, to }
    }),
  )

/**
 * Returns the node that a slot leaves and then the node that imports it. No view contains a node that imports its first slot. In
 * this case, the node that the slot leaves says where it is.
 */
function* nodesOf({ report, to }: Migration, nodes: Nodes): Generator<Node> {
  yield report.node
  const address = addressIn(report.text, to, report.node.announced.host)
  const importing = nodes.byId(to) ?? (address && nodes.at(address))
  if (importing !== undefined) yield importing
}

/**
 * Finds the address of a node in a reply to CLUSTER NODES. Server documentation: CLUSTER NODES.
 *
 * @param announced the host that views contain for the node that has replied: its name if nodes announce names
 */
export function addressIn(text: string, id: string, announced: string): Address | undefined {
  const [, ip, port, name] = new RegExp(`^${id} (\\S*):(\\d+)@\\d+(?:,([^\\s,]+))?`, 'm').exec(text) ?? []
  const host = ownLineIn(text).includes(`,${announced}`) ? name : ip
  return host ? { host, port: Number(port) } : undefined
}

/**
 * Returns a function that finds slots that a node does not have, as the node itself says, although it has them in the last view.
 * The source and the target of a move know at once that it has ended. A view may come from other nodes, which hear of it later.
 *
 * @param patience milliseconds after which there must be a view without the node as the owner
 * @returns the function, which throws TimeoutError if a slot is without an owner for too long
 */
function denials({ clock, router }: ClusterRuntime, patience: number): (reports: readonly Report[]) => number[] {
  /** The clock time of the first denial, by slot and node. */
  const first = new Map<string, number>()
  return (reports) => {
    const now = clock.now()
    const denied: number[] = []
    for (const { node, own } of reports) {
      // What is between the client and the servers may hide this line. In that case, only the views count.
      if (own === '') continue
      const slots = new Set<number>()
      for (const [from, to] of rangesIn(own))
        for (let slot = from; slot <= to && slot < slotCount; slot += 1) slots.add(slot)
      for (let slot = 0; slot < slotCount; slot += 1) {
        if (slots.has(slot) || router.slots.ownerOf(slot) !== node) continue
        const name = `${slot} ${node.id}`
        const since = first.get(name) ?? now
        first.set(name, since)
        if (now - since > patience) throw lasted(`no node says that it has slot ${slot}`, now - since, undefined)
        denied.push(slot)
      }
    }
    return denied
  }
}
