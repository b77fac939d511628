import { expect, it } from 'vitest'
import { WaitingSlots } from '../../src/cluster/waiting-slots.js'
import { Counters } from '../../src/connection/request/counters.js'
import { resolveOptions } from '../../src/options/resolve.js'
import { FakeClock } from '../support/fake-clock.js'
import { TestRequest } from '../support/test-request.js'

it('Each request waits for its slot no longer than `queueTimeout`, also those that begin to wait after others', async () => {
  const clock = new FakeClock()
  const counters = new Counters()
  const waiting = new WaitingSlots({
    options: resolveOptions({ queueTimeout: 1_000 }),
    clock,
    counters,
    lastError: () => undefined,
    onDue: () => {},
  })
  const requests: TestRequest[] = []
  for (const slot of [1, 2, 2]) {
    const request = new TestRequest()
    request.calledAt = clock.now()
    request.queuedAt = clock.now()
    waiting.insert(slot, request)
    requests.push(request)
    await clock.advance(400)
  }
  const settled = (): boolean[] => requests.map(({ state }) => state === 'settled')
  expect(settled()).toEqual([true, false, false])
  await clock.advance(200)
  expect(settled()).toEqual([true, true, false])
  await clock.advance(400)
  expect(settled()).toEqual([true, true, true])
  expect(counters.timedOut).toBe(3)
})
