import { describe, expect, it } from 'vitest'
import { recoveryOf } from '../../../bench/load/recovery.js'

const before = [10, 80, 100, 100, 100, 100]

describe('recovery', () => {
  it('is the time to the first reply, and to nine tenths of the rate before', () => {
    const buckets = [...before, 0, 0, 0, 0, 5, 60, 95, 92]
    // Killed in bucket 6, ready in bucket 8: buckets of 20 ms.
    expect(recoveryOf(buckets, 6, 8, 3)).toEqual({ firstReply: 40, fullRate: 80, failed: 3 })
  })

  it('is not taken for complete because of one bucket with replies that were kept back', () => {
    expect(recoveryOf([...before, 0, 300, 10, 10, 95, 95], 6, 7, 0).fullRate).toBe(60)
  })

  it('may not be reached', () => {
    expect(recoveryOf([...before, 0, 50, 50], 6, 7, 0)).toMatchObject({ firstReply: 0, fullRate: undefined })
    expect(recoveryOf([...before, 0, 0], 6, 7, 0).firstReply).toBe(Infinity)
  })
})
