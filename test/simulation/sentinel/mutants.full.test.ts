import { describe, expect, it } from 'vitest'
import { firstFailure } from '../first-failure.js'
import { mutate } from '../mutation.js'
import { sentinelSimulationMutants } from './mutants.js'
import { simulateSentinel } from './simulate.js'

const most = 1_500

describe('The simulation of servers behind sentinels finds a client in which', () => {
  for (const [title, mutation] of Object.entries(sentinelSimulationMutants)) {
    it(title, async () => {
      expect(await firstFailure(await mutate(mutation), most, simulateSentinel)).toBeTypeOf('number')
    }, 240_000)
  }
})
