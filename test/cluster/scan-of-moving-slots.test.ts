import { describe, expect, it } from 'vitest'
import { slotOfKey } from '../../src/commands/slots.js'
import { Chance } from '../simulation/chance.js'
import type { SimulatedServer } from '../simulation/cluster/servers.js'
import { beginToMove, keyAt, names, type SimulatedCluster, startCluster, startServers } from './simulated-cluster.js'

/**
 * What is there throughout a scan is returned at least once, also while slots move. Only the scan is called meanwhile, and SCAN is
 * not redirected, so that the client has to find out by itself what has moved.
 */

/** Scans the masters in their order. @param onKey called with each key, while the scan waits; `returned` includes it */
async function scanWhile(
  { cluster, pass }: Pick<SimulatedCluster, 'cluster' | 'pass'>,
  onKey: (returned: readonly string[]) => void,
  count?: number,
): Promise<string[]> {
  const returned: string[] = []
  const scan = (async () => {
    for await (const key of cluster.scanIterator({ match: 'k*', ...(count === undefined ? {} : { count }) })) {
      returned.push(key)
      onKey(returned)
    }
  })()
  await Promise.all([scan, pass(20_000)])
  return [...new Set(returned)].sort()
}

describe('A scan returns each key although its slot moves', () => {
  it.each([
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 2],
    [2, 0],
    [2, 1],
  ])('from master %i to master %i when the scan has begun at the first', async (from, to) => {
    const all = await startCluster('k0')
    const { servers } = all
    const [source, target] = [servers.masters[from], servers.masters[to]] as [SimulatedServer, SimulatedServer]
    const name = keyAt(all, source)
    const returned = await scanWhile(all, ({ length }) => {
      if (length > 1) return
      servers.moveKey(name, source, target)
      for (const { member } of servers.servers) member.assign(target.self, slotOfKey(name))
    })
    expect(returned).toEqual(names.toSorted())
    all.cluster.destroy()
  })

  it('key by key, and one of its keys moves when the scan has begun at the first master', async () => {
    const all = await startCluster('k0')
    const { cluster, servers, pass } = all
    const [first, , last] = servers.masters as [SimulatedServer, SimulatedServer, SimulatedServer]
    const tag = keyAt(all, last)
    const [one, two] = [`k{${tag}}1`, `k{${tag}}2`]
    await Promise.all([cluster.mset(one, 1, two, 2), pass(100)])
    beginToMove(slotOfKey(tag), last, first)
    servers.moveKey(one, last, first)
    const returned = await scanWhile(all, ({ length }) => {
      if (length === 1) servers.moveKey(two, last, first)
    })
    expect(returned).toEqual([...names, one, two].sort())
    cluster.destroy()
  })

  it('key by key to a master that has no slots yet, which no view contains', async () => {
    const { cluster, servers, pass } = startServers(3)
    const [first, second, empty] = servers.masters as [SimulatedServer, SimulatedServer, SimulatedServer]
    const slots = servers.slotsOf(empty)
    for (const { member } of servers.servers) for (const slot of slots) member.assign(second.self, slot)
    const calls = names.map((name) => cluster.set(name, 1))
    await Promise.all([...calls, pass(1_000)])
    const moved = keyAt({ servers }, first)
    beginToMove(slotOfKey(moved), first, empty)
    servers.moveKey(moved, first, empty)
    expect(await scanWhile({ cluster, pass }, () => {})).toEqual(names.toSorted())
    cluster.destroy()
  })

  it('at any time to any master, but not back: no view would show that', async () => {
    for (let seed = 0; seed < 6; seed += 1) {
      const chance = new Chance(seed)
      const all = await startCluster('k0')
      const { servers } = all
      const moved = new Set<string>()
      const move = (): void => {
        const name = chance.pick(names)
        if (moved.has(name)) return
        moved.add(name)
        servers.migrate(slotOfKey(name), chance.pick(servers.masters), () => {}, chance.pick(['whole', 'atomic']))
      }
      for (let n = 0; n < 5; n += 1) move()
      const returned = await scanWhile(all, move, chance.between(1, 10))
      expect(returned, `seed ${seed}`).toEqual(names.toSorted())
      all.cluster.destroy()
    }
  })
})

/** Starts nine masters. A slot moves from the second to the last: both know that, and the others do not. */
async function startWithSecretMove() {
  const all = startServers(9)
  const { cluster, servers, pass } = all
  const calls = names.map((name) => cluster.set(name, 1))
  await Promise.all([...calls, pass(1_000)])
  const [source, target] = [servers.masters[1], servers.masters.at(-1)] as [SimulatedServer, SimulatedServer]
  const moved = keyAt(all, source)
  const tell = (knowing: readonly SimulatedServer[], owner: SimulatedServer): void => {
    for (const { member } of knowing) member.assign(owner.self, slotOfKey(moved))
  }
  servers.moveKey(moved, source, target)
  tell([source, target], target)
  return { ...all, source, target, moved, tell }
}

describe('If the other nodes have not heard that a slot has moved, a scan', () => {
  it('returns its keys, as soon as a view shows the new owner', async () => {
    const all = await startWithSecretMove()
    const { cluster, servers, target, tell, pass } = all
    const scan = scanWhile(all, () => {})
    await pass(3_000)
    tell(servers.servers, target)
    expect(await scan).toEqual(names.toSorted())
    cluster.destroy()
  })

  it('returns its keys, if it has moved back by then', async () => {
    const all = await startWithSecretMove()
    const { cluster, servers, source, target, moved, tell, pass } = all
    const scan = scanWhile(all, () => {})
    await pass(3_000)
    servers.moveKey(moved, target, source)
    tell(servers.servers, source)
    expect(await scan).toEqual(names.toSorted())
    cluster.destroy()
  })

  it('returns its keys, if another call is redirected after the old owner was scanned', async () => {
    const all = await startWithSecretMove()
    const { cluster, servers, target, moved, tell } = all
    const replies: Promise<unknown>[] = []
    const onKey = ({ length }: readonly string[]): void => {
      if (length !== names.length / 2) return
      tell(servers.servers, target)
      replies.push(cluster.get(moved))
    }
    expect(await scanWhile(all, onKey, 1)).toEqual(names.toSorted())
    expect(await Promise.all(replies)).toEqual(['1'])
    cluster.destroy()
  })

  it('is rejected if the old and the new owner each say that the other one has the slot, and this lasts', async () => {
    const all = await startWithSecretMove()
    all.tell([all.target], all.source)
    const scan = scanWhile(all, () => {})
    await expect(scan).rejects.toMatchObject({
      code: 'TIMEOUT',
      fate: 'not-executed',
      message: expect.stringContaining(`no node says that it has slot ${slotOfKey(all.moved)}`),
    })
    all.cluster.destroy()
  })
})
