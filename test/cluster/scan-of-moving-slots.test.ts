import { describe, expect, it } from 'vitest'
import { slotOfKey } from '../../src/commands/slots.js'
import { Chance } from '../simulation/chance.js'
import type { SimulatedServer } from '../simulation/cluster/servers.js'
import { beginToMove, keyAt, names, type SimulatedCluster, startCluster } from './simulated-cluster.js'

/**
 * What is there throughout a scan is returned at least once, also while slots move. Only the scan is called meanwhile, and SCAN is
 * not redirected, so that the client has to find out by itself what has moved.
 */

/** Scans the masters in their order. @param onKey called with each key, while the scan waits; `returned` includes it */
async function scanWhile(
  { cluster, pass }: SimulatedCluster,
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
