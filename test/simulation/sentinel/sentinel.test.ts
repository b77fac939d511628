import { describe, expect, it } from 'vitest'
import { simulateSentinel } from './simulate.js'

/** More of them: `npm run sim:sentinel -- --seeds 10000`. */
const seeds = 60

describe('Behind simulated sentinels, whatever becomes of masters, sentinels and connections,', () => {
  it(`every call settles with a true fate, runs once, in order, and at the master of the time, in ${seeds} schedules`, async () => {
    const sum = { failovers: 0, lost: 0, gaps: 0, resolved: 0 }
    for (let seed = 0; seed < seeds; seed += 1) {
      const outcome = await simulateSentinel(seed)
      expect(outcome.violations, `npm run sim:sentinel -- --seed ${seed}`).toEqual([])
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += outcome[name]
    }
    // What the schedules are for has happened.
    expect(sum.failovers).toBeGreaterThan(seeds / 2)
    expect(sum.lost).toBeGreaterThan(seeds)
    expect(sum.gaps).toBeGreaterThan(seeds / 2)
    expect(sum.resolved).toBeGreaterThan(50 * seeds)
  }, 60_000)

  it('the same seed gives the same run', async () => {
    const first = await simulateSentinel(15, undefined, true)
    expect(first.trace.length).toBeGreaterThan(200)
    expect((await simulateSentinel(15, undefined, true)).trace).toEqual(first.trace)
  })
})
