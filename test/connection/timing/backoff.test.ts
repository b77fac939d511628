import { expect, it } from 'vitest'
import { backoffDelay } from '../../../src/connection/timing/backoff.js'

const backoff = { baseDelay: 50, maxDelay: 2_000 }

it('distributes each delay evenly between 0 and its bound', () => {
  expect(backoffDelay(backoff, 1, 0)).toBe(0)
  expect(backoffDelay(backoff, 1, 0.5)).toBe(25)
  expect(backoffDelay(backoff, 3, 0.5)).toBe(100)
})

it('doubles the bound with each attempt, up to the maximum', () => {
  expect([1, 2, 3, 6, 7, 1_000].map((attempt) => backoffDelay(backoff, attempt, 1))).toEqual([
    50, 100, 200, 1_600, 2_000, 2_000,
  ])
})
