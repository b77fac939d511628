import { describe, expect, it } from 'vitest'
import { slotOfKey } from '../../src/commands/slots.js'
import type { SimulatedServer } from '../simulation/cluster/servers.js'
import { beginToMove, keyAt, names, startServers } from './simulated-cluster.js'

/** A scan survives the failover of a master, also after the last key of this master was returned. */

async function start() {
  let onReached: (words: string) => void = () => {}
  const onExecuted = (_: unknown, args: readonly Buffer[]): void => onReached(args.slice(0, 2).join(' '))
  const { cluster, servers, pass } = startServers(3, { queueTimeout: 4_000 }, { onExecuted })
  await Promise.all([...names.map((name) => cluster.set(name, 1)), pass(1_000)])
  const controller = new AbortController()
  const returned: string[] = []
  /** What the scan was rejected with; null when it has ended. */
  let end: unknown
  return {
    cluster,
    servers,
    pass,
    controller,
    masters: servers.masters as [SimulatedServer, SimulatedServer, SimulatedServer],
    end: () => end,
    /** The keys that the scan has returned. */
    keys: () => [...new Set(returned)].sort(),
    /** @param onKey called after each key; the scan waits for its promise @param count see `scanIterator` */
    scan(onKey: (count: number) => unknown = () => {}, count = 1_000): void {
      const { signal } = controller
      void (async () => {
        for await (const key of cluster.with({ signal }).scanIterator({ count })) await onKey(returned.push(key))
      })().then(
        () => {
          end = null
        },
        (error) => {
          end = error
        },
      )
    },
    /** Calls this when servers have run these commands, one after the other. */
    after([...words]: string[], react: () => void): void {
      onReached = (reached) => {
        if (reached !== words[0]) return
        words.shift()
        if (words.length > 0) return
        onReached = () => {}
        react()
      }
    },
    /** Kills a master, which does not come back. @returns the function with which its replica takes its place */
    kill(master: SimulatedServer): () => void {
      const slots = servers.slotsOf(master)
      const [replica] = servers.replicasOf(master) as [SimulatedServer]
      servers.kill(master)
      return () => {
        replica.follows = undefined
        replica.model.isReadonly = false
        for (const { member } of servers.servers) {
          member.replicas.delete(master.self.id)
          for (const slot of slots) member.assign(replica.self, slot)
        }
      }
    },
  }
}

describe('A scan goes on at the new master', () => {
  it('after a failover of a master whose keys were all returned', async () => {
    const { cluster, masters, scan, kill, keys, end, pass } = await start()
    let promote = (): void => {}
    scan((count) => {
      if (count === names.length) promote = kill(masters[0])
    })
    await pass(2_000)
    promote()
    await pass(10_000)
    expect(end()).toBeNull()
    expect(keys()).toEqual(names.toSorted())
    cluster.destroy()
  })

  it('after a failover of a master that was moving a slot', async () => {
    const all = await start()
    const { cluster, servers, masters, scan, kill, keys, end, pass, after } = all
    const [first, second] = masters
    const moved = keyAt(all, first)
    beginToMove(slotOfKey(moved), first, second)
    servers.moveKey(moved, first, second)
    // After the reports, the scan asks for a last view.
    let promote: (() => void) | undefined
    after(['CLUSTER NODES', 'CLUSTER SLOTS'], () => {
      promote = kill(first)
    })
    scan()
    await pass(2_000)
    promote?.()
    second.member.importing.clear()
    for (const { member } of servers.servers) member.assign(second.self, slotOfKey(moved))
    await pass(10_000)
    expect(end()).toBeNull()
    expect(keys()).toEqual(names.toSorted())
    cluster.destroy()
  })
})

it('A scan is rejected if a node that does not report on its slots still has them', async () => {
  const { cluster, masters, scan, kill, end, pass } = await start()
  scan((count) => {
    if (count === names.length) kill(masters[0])
  })
  await pass(3_900)
  expect(end()).toBeUndefined()
  await pass(600)
  expect(end()).toMatchObject({ code: 'TIMEOUT', command: 'CLUSTER NODES' })
  cluster.destroy()
})

/** Aborts the signal of a scan that has not ended, which ends it at once. */
async function expectEndByAbort({ cluster, controller, end, pass }: Awaited<ReturnType<typeof start>>): Promise<void> {
  expect(end()).toBeUndefined()
  controller.abort()
  await pass(10)
  expect(end()).toMatchObject({ code: 'ABORT_ERR' })
  cluster.destroy()
}

it.each([
  ['it waits for the report of a lost node', 60],
  ['it has returned some keys of one master', 1],
])('A scan ends with its signal although nodes are lost, when %s', async (_, last) => {
  const all = await start()
  const { servers, scan, pass } = all
  scan((count) => {
    if (count === last) for (const server of servers.servers) servers.kill(server)
  }, 1)
  await pass(1_000)
  await expectEndByAbort(all)
})

it('A scan that waits for the next master ends with its signal', async () => {
  const all = await start()
  const { servers, masters, scan, pass } = all
  const ofFirst = names.filter((name) => servers.ownerOf(slotOfKey(name)) === masters[0]).length
  let resume = (): void => {}
  scan((count) => {
    if (count !== ofFirst) return undefined
    for (const server of servers.servers) servers.kill(server)
    return new Promise<void>((resolve) => {
      resume = resolve
    })
  })
  await pass(1_000)
  resume()
  await pass(1_000)
  await expectEndByAbort(all)
})
