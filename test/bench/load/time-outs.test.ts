import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { measureTimeOuts, medianLateness } from '../../../bench/load/time-outs.js'

/** Reads that are rejected after so many milliseconds. */
const rejecting = (ms: number) => ({
  get: async () => {
    await sleep(ms)
    throw new Error('rejected')
  },
})

describe('how late time limits fire', () => {
  it('is counted from the limit', async () => {
    const { p50, fired, calls } = await measureTimeOuts(() => turn(), { reader: rejecting(60), limit: 40 }, 50)
    expect(calls).toBeGreaterThan(0)
    expect(fired).toBe(calls)
    // A timer may be a little early.
    expect(p50).toBeGreaterThan(15)
  })

  it('is not said of calls that are rejected for another reason before the limit', async () => {
    const { p50, fired, calls } = await measureTimeOuts(() => turn(), { reader: rejecting(0), limit: 5_000 }, 50)
    expect(calls).toBeGreaterThan(0)
    expect(fired).toBe(0)
    expect(p50).toBeNaN()
  })

  it('is the median of the rounds in which it was seen; calls are added', () => {
    const round = { p50: 1, p99: 5, fired: 10, calls: 10 }
    const none = { p50: Number.NaN, p99: Number.NaN, fired: 0, calls: 10 }
    const all = [{ ...round, p50: 9, p99: 90 }, round, { ...round, p50: 2, p99: 7 }, none]
    expect(medianLateness(all)).toEqual({ p50: 2, p99: 7, fired: 30, calls: 40 })
    expect(medianLateness([none, none])).toEqual({ p50: Number.NaN, p99: Number.NaN, fired: 0, calls: 20 })
  })
})
