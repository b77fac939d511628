import { describe, expect, it } from 'vitest'
import { mutate } from '../mutation.js'
import type { ClientCode } from '../simulate.js'
import { sentinelSimulationMutants } from './mutants.js'
import { simulateSentinel } from './simulate.js'

const most = 1_500

async function firstFailure(code: ClientCode): Promise<number | undefined> {
  for (let seed = 0; seed < most; seed += 1) {
    const isWrong = await simulateSentinel(seed, code).then(
      ({ violations }) => violations.length > 0,
      () => true,
    )
    if (isWrong) return seed
  }
  return undefined
}

describe('The simulation of servers behind sentinels finds a client in which', () => {
  for (const [title, mutation] of Object.entries(sentinelSimulationMutants)) {
    it(title, async () => expect(await firstFailure(await mutate(mutation))).toBeTypeOf('number'), 240_000)
  }
})
