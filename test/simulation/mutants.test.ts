import { describe, expect, it } from 'vitest'
import { mutants } from './mutants.js'
import { mutate } from './mutation.js'
import { type ClientCode, simulate } from './simulate.js'

const most = 2_000

/** The first seed by which something is seen to be wrong. */
async function firstFailure(code: ClientCode, seeds: number): Promise<number | undefined> {
  for (let seed = 0; seed < seeds; seed += 1) {
    const isWrong = await simulate(seed, code).then(
      ({ violations }) => violations.length > 0,
      // A client that breaks its surroundings is as wrong as one that lies.
      () => true,
    )
    if (isWrong) return seed
  }
  return undefined
}

describe('The simulation finds a client in which', () => {
  for (const [title, mutation] of Object.entries(mutants)) {
    it(title, async () => {
      expect(await firstFailure(await mutate(mutation), most)).toBeTypeOf('number')
    }, 60_000)
  }
})

describe('The simulation finds nothing', () => {
  it('in the same build of the client without a change', async () => {
    expect(await firstFailure(await mutate(), 100)).toBeUndefined()
  })
})
