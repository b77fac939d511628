import { table } from '../commands/catalogue.js'
import { slotCount, slotOfKey } from '../commands/slots.js'
import type { DispatchTarget } from '../dispatch/dispatcher.js'
import { Dispatcher } from '../dispatch/dispatcher.js'
import { type ScanOptions, scanAll } from '../dispatch/scan.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { ClusterRuntime } from './cluster-runtime.js'
import type { Node } from './node.js'
import { ownLineIn } from './own-slot.js'

type Options = ScanOptions & { readonly type?: string }

/** A slot whose keys are being moved from one node to another. */
interface Migration {
  readonly name: string
  readonly slot: number
  readonly from: Node
  readonly to: Node
}

/**
 * Scans one master after the other. Slots that get another owner during the scan are scanned again at the new owner. For a slot
 * that is being moved, the source node is scanned first and then the target node, because keys only move in this direction.
 *
 * @param targetOf returns the target for commands to one node
 */
export async function* clusterScan<Bulk extends string | Buffer>(
  runtime: ClusterRuntime,
  settings: ResolvedCallOptions,
  options: Options,
  targetOf: (node: Node) => DispatchTarget,
): AsyncGenerator<Bulk> {
  const { ownership } = runtime.router
  const patience = runtime.options.queueTimeout || runtime.options.connectDeadline
  const scan = (node: Node): AsyncGenerator<Bulk> => scanAll<Bulk>(new Dispatcher(targetOf(node), settings), options)
  const rest = new Set(new Array(slotCount).keys())
  const done = new Set<string>()
  await runtime.nodeWith(0, patience)
  const changed = new Set<number>()
  ownership.watchers.add(changed)
  try {
    for (;;) {
      while (rest.size > 0) {
        const [first = 0] = rest
        const node = await runtime.nodeWith(first, patience)
        const own = new Set([...rest].filter((slot) => ownership.settledOwnerOf(slot) === node))
        for (const slot of own) changed.delete(slot)
        try {
          for await (const key of scan(node)) if (own.has(slotOfKey(key))) yield key
        } catch (error) {
          await runtime.freshView(patience).catch(() => {})
          if (ownership.settledOwnerOf(first) === node) throw error
          continue
        }
        for (const slot of own) if (!changed.has(slot)) rest.delete(slot)
      }
      const moving = (await migrations(runtime, settings, targetOf)).filter(({ name }) => !done.has(name))
      // This view contains moves that this client did not know about yet, and moves that have ended in the meantime.
      await runtime.freshView(patience)
      for (const slot of changed) rest.add(slot)
      if (rest.size > 0) continue
      if (moving.length === 0) return
      for (const { name, slot, from, to } of moving) {
        done.add(name)
        for (const node of [from, to]) {
          for await (const key of scan(node)) if (slotOfKey(key) === slot) yield key
        }
      }
    }
  } finally {
    ownership.watchers.delete(changed)
  }
}

/** Returns the slots that are being moved, as reported by the nodes that they leave. Server documentation: CLUSTER NODES. */
async function migrations(
  runtime: ClusterRuntime,
  settings: ResolvedCallOptions,
  targetOf: (node: Node) => DispatchTarget,
): Promise<Migration[]> {
  const lists = await Promise.all(
    runtime.owners.map(async (from) => {
      const dispatcher = new Dispatcher(targetOf(from), { ...settings, buffers: false, raw: false })
      const text = await dispatcher.send<string>(table['CLUSTER NODES'], ['CLUSTER', 'NODES'])
      return [...ownLineIn(text).matchAll(/\[(\d+)->-(\w+)\]/g)].flatMap(([, slot, id = '']) => {
        const to = runtime.nodes.byId(id)
        return to === undefined ? [] : [{ name: `${slot} ${from.id} ${id}`, slot: Number(slot), from, to }]
      })
    }),
  )
  return lists.flat()
}
