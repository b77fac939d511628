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
  async function* scan(node: Node, slots: ReadonlySet<number>): AsyncGenerator<Bulk> {
    const all = scanAll<Bulk>(new Dispatcher(targetOf(node), settings), options)
    // The slot of a key can't be known from text if the key is not valid UTF-8.
    for await (const key of all) if (slots.has(slotOfKey(key)) || key.includes('\ufffd')) yield key
  }
  /** Asks a node about its slots. Server documentation: CLUSTER NODES. */
  const reportOf = async (node: Node): Promise<Report> => {
    const dispatcher = new Dispatcher(targetOf(node), { ...settings, buffers: false, raw: false })
    const text = await dispatcher.send<string>(table['CLUSTER NODES'], ['CLUSTER', 'NODES'])
    return { node, text, own: ownLineIn(text) }
  }
  const rest = new Set(new Array(slotCount).keys())
  const done = new Set<string>()
  /** The clock time of the first denial, by slot and node. */
  const denials = new Map<string, number>()
  /** Waits for a view. If the signal ends the wait, the next command is rejected. */
  const viewed = <T>(find: () => T | undefined): Promise<T | undefined> =>
    runtime.whenViewed(find, patience, settings.signal)
  const freshView = (): Promise<unknown> => {
    const from = clock.now()
    return viewed(() => router.viewedAt >= from || undefined)
  }
  const changed = new Set<number>()
  ownership.watchers.add(changed)
  try {
    for (let moving: readonly Migration[] = []; ; ) {
      while (rest.size) {
        const [first = 0] = rest
        const node = (await viewed(() => runtime.settledOwnerOf(first))) ?? (runtime.nodes.seeds()[0] as Node)
        const own = new Set([...rest].filter((slot) => ownership.settledOwnerOf(slot) === node))
        for (const slot of own) changed.delete(slot)
        try {
          yield* scan(node, own)
          for (const slot of own) if (!changed.has(slot)) rest.delete(slot)
        } catch (error) {
          await freshView().catch(() => {})
          if (settings.signal?.aborted || ownership.settledOwnerOf(first) === node) throw error
        }
      }
      let failure: unknown
      try {
        for (const migration of moving) {
          for (const node of nodesOf(migration, runtime.nodes)) yield* scan(node, new Set([migration.slot]))
          done.add(migration.name)
        }
        const reports = await Promise.all(runtime.owners.map(reportOf))
        for (const slot of deniedIn(reports, runtime, denials, patience)) changed.add(slot)
        moving = migrationsIn(reports).filter(({ name }) => !done.has(name))
      } catch (error) {
        failure = error
      }
      // This view contains moves and failovers that this client did not know about yet, and moves that have ended in the meantime.
      // Without it, because the signal was aborted, the scan is not complete, and its next command is rejected.
      if (!(await freshView())) changed.add(0)
      for (const slot of changed) rest.add(slot)
      if (rest.size) moving = []
      else if (failure) throw failure
      else if (moving.length === 0) return
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

/** Returns the slots that are being moved, as reported by the nodes that they leave. */
const migrationsIn = (reports: readonly Report[]): Migration[] =>
  reports.flatMap((report) =>
    [...report.own.matchAll(/\[(\d+)->-(\w+)\]/g)].map(([text, slot, to = '']) => {
      return { name: report.node.id + text, slot: Number(slot), report, to }
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
  if (importing) yield importing
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
 * Returns the slots that a node does not have, as the node itself says, although it has them in the last view. The source and the
 * target of a move know at once that it has ended. A view may come from other nodes, which hear of it later.
 *
 * @param denials the clock time of the first denial, by slot and node, which this function updates
 * @param patience milliseconds after which there must be a view without the node as the owner
 * @throws TimeoutError if a slot is without an owner for too long
 */
function deniedIn(
  reports: readonly Report[],
  { clock, router }: ClusterRuntime,
  denials: Map<string, number>,
  patience: number,
): number[] {
  const now = clock.now()
  const denied: number[] = []
  for (const { node, own } of reports) {
    // What is between the client and the servers may hide this line. In that case, only the views count.
    if (!own) continue
    const ranges = rangesIn(own)
    for (let slot = 0; slot < slotCount; slot += 1) {
      if (router.ownerOf(slot) !== node || ranges.some(([from, to]) => from <= slot && slot <= to)) continue
      const name = node.id + slot
      const since = denials.get(name) ?? now
      denials.set(name, since)
      if (now - since > patience) throw lasted(`no node says that it has slot ${slot}`, now - since)
      denied.push(slot)
    }
  }
  return denied
}
