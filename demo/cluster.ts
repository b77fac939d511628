import { findBinary, serverBinaries } from '../scripts/find-server.js'
import type { Cluster } from '../src/cluster/cluster.js'
import { createCluster } from '../src/cluster.js'
import { slotOfKey } from '../src/commands/slots.js'
import { type ClusterSetup, startCluster } from '../test/support/cluster.js'
import { ClusterLoad } from '../test/support/cluster-load.js'
import type { TestServer } from '../test/support/server.js'
import { formatTable } from './table.js'

/** Keys of all masters; the slot of the first one moves. */
const keys = Array.from({ length: 12 }, (_, index) => `{demo:${index}}list`)

interface Scene {
  readonly title: string
  /** What happens while the load runs. @returns once it has happened */
  happen(cluster: Cluster, setup: ClusterSetup): Promise<void>
}

const scenes: readonly Scene[] = [
  { title: 'nothing', happen: async () => {} },
  {
    title: 'a slot moves to another master, key by key',
    async happen(cluster, setup) {
      const slot = slotOfKey(keys[0] as string)
      const from = numberOf(setup, ownerOf(cluster, slot))
      await setup.migrate(slot, from, (from + 1) % 3)
    },
  },
  {
    title: 'a replica takes over gracefully',
    async happen(cluster, setup) {
      const master = ownerOf(cluster, slotOfKey(keys[1] as string))
      const replica = cluster.nodes().find((node) => node.master === master.id)
      await setup.admin(numberOf(setup, replica)).call('CLUSTER', 'FAILOVER')
      await setup.until(async () => ownerOf(cluster, slotOfKey(keys[1] as string)).id === replica?.id)
    },
  },
  {
    title: 'all connections to a master are cut',
    async happen(cluster, setup) {
      const master = ownerOf(cluster, slotOfKey(keys[2] as string))
      await setup.admin(numberOf(setup, master)).call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    },
  },
  {
    title: 'a master is killed',
    async happen(cluster, setup) {
      const slot = slotOfKey(keys[2] as string)
      const master = ownerOf(cluster, slot)
      await (setup.servers[numberOf(setup, master)] as TestServer).kill('SIGKILL')
      await setup.until(async () => ownerOf(cluster, slot).id !== master.id)
    },
  },
]

/**
 * Starts a cluster on loopback, and shows what becomes of commands while slots move and masters fail, compared with what is in the
 * cluster's lists.
 *
 * @returns whether everything that was said of the commands is true
 */
export async function showCluster(): Promise<boolean> {
  const [program] = serverBinaries.flatMap((name) => findBinary(name) ?? [])
  if (program === undefined) throw new Error('no redis-server or valkey-server was found on the PATH')
  console.log(`Three masters and three replicas of ${program}, on loopback\n`)
  const setup = await startCluster(program)
  const cluster = createCluster(setup.seeds) as Cluster
  let isAllTrue = true
  try {
    await cluster.connect()
    const rows: string[][] = []
    for (const { title, happen } of scenes) {
      const load = new ClusterLoad(cluster, keys)
      await load.progress(10)
      await happen(cluster, setup)
      await load.progress(10)
      const report = await load.judge()
      const { hung, twice, outOfOrder, falseNotExecuted } = report
      const wrong = hung + twice + outOfOrder + falseNotExecuted
      if (wrong > 0) isAllTrue = false
      const rejected = Object.entries(report.rejected).map(([name, count]) => `${count} ${name}`)
      const { calls, acknowledged, lost, longestGap } = report
      const gap = `${Math.round(longestGap)} ms`
      rows.push([
        title,
        String(calls),
        String(acknowledged),
        rejected.join(', ') || 'none',
        String(lost),
        gap,
        String(wrong),
      ])
    }
    console.log(
      formatTable(
        ['what happens', 'calls', 'OK', 'rejected, with fate', 'lost by the servers', 'longest gap', 'not true'],
        rows,
      ),
    )
    await cluster.close()
  } finally {
    cluster.destroy()
    await setup.stop()
  }
  return isAllTrue
}

function ownerOf(cluster: Cluster, slot: number) {
  const owner = cluster.nodes().find(({ slots }) => slots.some(([from, to]) => from <= slot && slot <= to))
  if (owner === undefined) throw new Error(`no node has slot ${slot}`)
  return owner
}

const numberOf = (setup: ClusterSetup, node: { readonly port: number } | undefined): number =>
  setup.servers.findIndex(({ port }) => port === node?.port)
