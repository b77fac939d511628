import { table } from '../commands/catalogue.js'
import { slotCount, slotOfKey } from '../commands/slots.js'
import type { DispatchTarget } from '../dispatch/dispatcher.js'
import { Dispatcher } from '../dispatch/dispatcher.js'
import { type ScanOptions, scanAll } from '../dispatch/scan.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { ClusterRuntime } from './cluster-runtime.js'
import type { Node } from './node.js'

type Options = ScanOptions & { readonly type?: string }

/** A slot whose keys are on their way from one node to another. */
interface Migration {
  readonly name: string
  readonly slot: number
  readonly from: Node
  readonly to: Node
}

/**
 * Scans one master after the other. Slots that get another owner meanwhile are scanned again, there. Of slots that are on their way
 * from one node to another, first the one node is scanned and then the other: keys only go that way.
 *
 * @param targetOf where commands for one node are sent
 */
export async function* clusterScan<Bulk extends string | Buffer>(
  runtime: ClusterRuntime,
  settings: ResolvedCallOptions,
  options: Options,
  targetOf: (node: Node) => DispatchTarget,
): AsyncGenerator<Bulk> {
  const { slots } = runtime.router
  const patience = runtime.options.queueTimeout || runtime.options.connectDeadline
  const scan = (node: Node): AsyncGenerator<Bulk> => scanAll<Bulk>(new Dispatcher(targetOf(node), settings), options)
  const rest = new Set<number>(Array.from({ length: slotCount }, (_, slot) => slot))
  const done = new Set<string>()
  await runtime.nodeWith(0, patience)
  const changed = slots.watch()
  try {
    for (;;) {
      while (rest.size > 0) {
        const [first = 0] = rest
        const node = await runtime.nodeWith(first, patience)
        const own = new Set([...rest].filter((slot) => slots.ownerOf(slot) === node))
        for (const slot of own) changed.delete(slot)
        try {
          for await (const key of scan(node)) if (own.has(slotOfKey(key))) yield key
        } catch (error) {
          await runtime.freshView()
          if (slots.ownerOf(first) === node) throw error
          continue
        }
        for (const slot of own) if (!changed.has(slot)) rest.delete(slot)
      }
      const moving = (await migrations(runtime, settings, targetOf)).filter(({ name }) => !done.has(name))
      // Moves that this client has not heard of yet, and those that have ended since.
      await runtime.freshView()
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
    slots.unwatch(changed)
  }
}

/** Slots on their way, as the nodes say that they leave. Server documentation: CLUSTER NODES. */
async function migrations(
  runtime: ClusterRuntime,
  settings: ResolvedCallOptions,
  targetOf: (node: Node) => DispatchTarget,
): Promise<Migration[]> {
  const masters = [...runtime.nodes].filter((node) => runtime.router.slots.has(node))
  const lists = await Promise.all(
    masters.map(async (from) => {
      const dispatcher = new Dispatcher(targetOf(from), { ...settings, buffers: false, raw: false })
      const text = await dispatcher.send<string>(table['CLUSTER NODES'], ['CLUSTER', 'NODES'])
      const own = text.split('\n').find((line) => / myself[, ]|,myself /.test(line)) ?? ''
      return [...own.matchAll(/\[(\d+)->-(\w+)\]/g)].flatMap(([, slot, id = '']) => {
        const to = runtime.nodes.byId(id)
        return to === undefined ? [] : [{ name: `${slot} ${from.id} ${id}`, slot: Number(slot), from, to }]
      })
    }),
  )
  return lists.flat()
}
