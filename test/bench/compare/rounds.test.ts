import { expect, it } from 'vitest'
import { orderOf } from '../../../bench/compare/rounds.js'

it('the builds take turns, and each round starts with the other build', () => {
  expect(orderOf(0, 2)).toEqual(['baseline', 'present', 'present', 'baseline'])
  expect(orderOf(1, 2)).toEqual(['present', 'baseline', 'baseline', 'present'])
  expect(orderOf(2, 1)).toEqual(['baseline', 'present'])
})
