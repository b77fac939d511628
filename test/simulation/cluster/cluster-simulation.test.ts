import { describe, expect, it } from 'vitest'
import { Chance } from '../chance.js'
import { SimulatedClock } from '../clock.js'
import { mutateCluster } from '../mutation.js'
import { clusterMutants } from './mutants.js'
import { SimulatedServers } from './servers.js'
import { simulateCluster } from './simulate.js'

/** More of them: `npm run sim:cluster -- --seeds 10000`. */
const seeds = process.env.RESPITE_FULL === undefined ? 30 : 120

describe('Whatever happens to a cluster', () => {
  it('every command settles once, with a true fate, and in the order of the calls', async () => {
    let calls = 0
    for (let seed = 0; seed < seeds; seed += 1) {
      const outcome = await simulateCluster(seed)
      expect(outcome.violations, `npm run sim:cluster -- --seed ${seed}`).toEqual([])
      calls += outcome.calls
    }
    expect(calls).toBeGreaterThan(seeds * 50)
  }, 60_000)

  it('the same seed gives the same run, event by event', async () => {
    const [one, other] = [await simulateCluster(5, undefined, true), await simulateCluster(5, undefined, true)]
    expect(one.trace.length).toBeGreaterThan(50)
    expect(other.trace).toEqual(one.trace)
  })

  it.each([
    // A master gets another address twice within a second, after MOVED has named the first one, and a connection is lost there.
    ['nothing waits for ever at an address of a master that has moved on', 114_021_187],
    ['a replica that was left may still run what was written to it before', 117_001_214],
    ['a new master is found although the replica that is asked, too, is dead', 140_028_367],
    ['a script that says MOVED when this is true gets the error of the node that it names', 163_006_583],
    ['what an importing node runs before it imports the key in its place is lost by the servers', 200_016_180],
    ['a slot that moved just before a failover is found, also where news of the move comes last', 166_000_913],
    ['a demoted master is not believed when it is the only node that can be reached', 160_000_944],
    ['what waits because only the importing node has given up a migration runs soon after it ends', 220_018_448],
    // The move of the slot was given up, and another one has begun. The owner's replies were under way for 0.4 s.
    [
      'what an owner has redirected is not sent if a later call of its key has run there, as the same bytes tell',
      140_011_868,
    ],
  ])('%s', async (_, seed) => {
    const { violations } = await simulateCluster(seed)
    expect(violations).toEqual([])
  })

  it('the same seed gives the same ids of processes, on which the order of a scan depends', () => {
    const idsOf = (seed: number): string[] => {
      const chance = new Chance(seed)
      const ignore = (): void => {}
      const observer = { note: ignore, violation: ignore, onRefused: ignore, onExecuted: ignore }
      const { servers } = new SimulatedServers(2, new SimulatedClock(chance, ignore), chance, observer)
      return servers.map(({ model }) => model.runId)
    }
    expect(idsOf(5)).toEqual(idsOf(5))
    expect(new Set([...idsOf(5), ...idsOf(6)]).size).toBe(8)
  })
})

/** These show at the first seeds. The others: mutants.full.test.ts. */
const conspicuous = [
  'MOVED changes nothing',
  'a redirect counts as an attempt',
  'requests of a slot in trouble are sent at once',
]

describe('The simulated cluster finds a client in which', () => {
  it.each(conspicuous)(
    '%s',
    async (title) => {
      const code = await mutateCluster(clusterMutants[title])
      for (let seed = 0; seed < 50; seed += 1) {
        const { violations } = await simulateCluster(seed, code)
        if (violations.length > 0) return
      }
      expect.unreachable('no seed shows it')
    },
    60_000,
  )
})
