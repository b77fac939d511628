import { expect, it } from 'vitest'
import { CommonIntake } from '../../src/cluster/common-intake.js'
import { Counters } from '../../src/connection/request/counters.js'
import { FakeClock } from '../support/fake-clock.js'

it('each call has a time of its own, later than the one before, also within one tick', () => {
  const clock = new FakeClock()
  const intake = new CommonIntake(clock, new Counters())
  const times = Array.from({ length: 100 }, () => intake.nextInstant())
  for (const [index, time] of times.slice(1).entries()) expect(time).toBeGreaterThan(times[index] as number)
  // It is still the time of the call.
  expect(times.at(-1)).toBeCloseTo(clock.now(), 1)
})
