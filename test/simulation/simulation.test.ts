import { describe, expect, it } from 'vitest'
import { simulate } from './simulate.js'

/** More of them: `npm run sim -- --seeds 100000`. */
// `npm run test:full` runs 1,000 seeds.
const shards = process.env.RESPITE_FULL === undefined ? 2 : 10
const seedsOfShard = 100

const outcomes = new Map<number, ReturnType<typeof simulate>>()

/** What became of a schedule, which is played only once. */
function play(seed: number): ReturnType<typeof simulate> {
  const outcome = outcomes.get(seed) ?? simulate(seed)
  outcomes.set(seed, outcome)
  return outcome
}

describe('Whatever happens on the way, every command settles once, with a true fate', () => {
  for (let shard = 0; shard < shards; shard += 1) {
    const first = shard * seedsOfShard
    it(`under the schedules of the seeds ${first} to ${first + seedsOfShard - 1}`, async () => {
      let calls = 0
      for (let seed = first; seed < first + seedsOfShard; seed += 1) {
        const outcome = await play(seed)
        expect(outcome.violations, `npm run sim -- --seed ${seed}`).toEqual([])
        calls += outcome.calls
      }
      expect(calls).toBeGreaterThan(seedsOfShard)
    })
  }

  it('under the same seed in the same way, event by event', async () => {
    for (const seed of [3, 58]) {
      const first = await simulate(seed, undefined, true)
      const second = await simulate(seed, undefined, true)
      expect(first.trace.length).toBeGreaterThan(50)
      expect(second.trace).toEqual(first.trace)
    }
  })
})

describe('The schedules', () => {
  // These runs are too short to check how often each kind occurs: `npm run sim` does that from 1,000 seeds on.
  it('bring about every fate, and replays', async () => {
    const fates: Record<string, number> = {}
    let executions = 0
    let resolved = 0
    for (let seed = 0; seed < 200; seed += 1) {
      const outcome = await play(seed)
      for (const [fate, count] of Object.entries(outcome.fates)) fates[fate] = (fates[fate] ?? 0) + count
      executions += outcome.executions
      resolved += outcome.resolved
    }
    expect(Object.keys(fates).sort()).toEqual(['executed', 'not-executed', 'refused', 'unknown'])
    expect(executions).toBeGreaterThan(resolved)
  })
})
