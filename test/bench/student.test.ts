import { describe, expect, it } from 'vitest'
import { upperQuantile, upperTail } from '../../bench/student.js'

describe("Student's t distribution", () => {
  it.each([
    [0.025, 1, 12.7062],
    [0.025, 7, 2.3646],
    [0.001, 10, 4.1437],
    [0.0005, 7, 5.4079],
    [0.025, 100, 1.984],
  ])('a share of %f with %i degrees of freedom lies above %f', (share, degrees, t) => {
    expect(upperQuantile(share, degrees)).toBeCloseTo(t, 3)
  })

  it('is symmetric', () => {
    expect(upperTail(0, 5)).toBeCloseTo(0.5)
  })
})
