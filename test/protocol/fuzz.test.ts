import { expect, it } from 'vitest'
import { tryStream } from './fuzz.js'

const count = 3_000

it(`${count} random byte streams decode alike however they arrive, or fail alike`, () => {
  const first = Math.floor(Math.random() * 1_000_000_000)
  for (let seed = first; seed < first + count; seed += 1) {
    expect(tryStream(seed), `npm run fuzz:protocol -- --seed ${seed} --streams 1`).toBeUndefined()
  }
})
