import { expect, it } from 'vitest'
import { CommonIntake } from '../../src/cluster/common-intake.js'
import { Counters } from '../../src/connection/request/counters.js'
import type { Request } from '../../src/connection/request/request.js'
import { FakeClock } from '../support/fake-clock.js'

function start() {
  const clock = new FakeClock()
  const intake = new CommonIntake(clock, new Counters())
  /** Returns the time of a call. @param timeout its time limit; 0: none */
  const call = (timeout = 0): number => {
    const request = { timeout, calledAt: 0 } as Request
    intake.watchNew(request, undefined)
    return request.calledAt
  }
  return { clock, call, end: () => intake.end() }
}

it.each([
  ['without time limits', () => 0],
  ['of which some have time limits', (index: number) => 100 * (index % 2)],
])('each call has a time of its own, later than the one before, also within one tick: calls %s', (_, timeoutOf) => {
  const { clock, call, end } = start()
  const times = Array.from({ length: 100 }, (__, index) => call(timeoutOf(index)))
  for (const [index, time] of times.slice(1).entries()) expect(time).toBeGreaterThan(times[index] as number)
  // It is still the time of the call.
  expect(times.at(-1)).toBeCloseTo(clock.now(), 1)
  end()
})

it('a time limit counts from the call, not from the start of a tick in which other code has run for long', () => {
  const { clock, call, end } = start()
  const first = call()
  clock.holdUp(500)
  expect(call(100)).toBeCloseTo(first + 500, 1)
  end()
})
