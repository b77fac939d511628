import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimeScale } from '../../../lab/report/time-scale.js'

describe('the time scale', () => {
  it('keeps times in order, from the left end to the right end', () => {
    const moments = fc.uniqueArray(fc.double({ min: 0, max: 10_000, noNaN: true }), { minLength: 2, maxLength: 50 })
    fc.assert(
      fc.property(moments, (all) => {
        const scale = new TimeScale(all, 100, 900)
        const places = all.toSorted((a, b) => a - b).map((at) => scale.x(at))
        expect(places[0]).toBe(100)
        expect(places.at(-1)).toBeCloseTo(900)
        for (const [i, x] of places.entries()) if (i > 0) expect(x).toBeGreaterThan(places[i - 1] as number)
      }),
    )
  })

  it('keeps 0.1 ms visible beside a second', () => {
    const scale = new TimeScale([0, 0.1, 1_000], 0, 100)
    expect(scale.x(0.1)).toBeGreaterThan(5)
    expect(scale.x(0.1)).toBeLessThan(50)
  })

  it('accepts only the times that it was created with', () => {
    expect(() => new TimeScale([0, 1], 0, 100).x(0.5)).toThrow(RangeError)
  })

  it('keeps a minimum distance between ticks', () => {
    const scale = new TimeScale([0, 1, 2, 3, 4], 0, 100)
    expect(scale.ticks(1).map(({ at }) => at)).toEqual([0, 1, 2, 3, 4])
    expect(scale.ticks(40).map(({ at }) => at)).toEqual([0, 2, 4])
  })
})
