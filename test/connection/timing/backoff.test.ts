import { expect, it } from 'vitest'
import { backoffBound, backoffDelay } from '../../../src/connection/timing/backoff.js'
import { FakeClock } from '../../support/fake-clock.js'

const limits = { baseDelay: 50, maxDelay: 2_000 }

it('distributes each delay evenly between 0 and its bound', () => {
  const clock = new FakeClock()
  const delays = [0, 0.5, 0.75].map((chance) => {
    clock.chance = chance
    return backoffDelay(clock, 3, limits)
  })
  expect(delays).toEqual([0, 100, 150])
})

it('doubles the bound with each attempt, up to the maximum', () => {
  const bounds = [1, 2, 3, 6, 7, 1_000].map((attempt) => backoffBound(attempt, limits))
  expect(bounds).toEqual([50, 100, 200, 1_600, 2_000, 2_000])
})
