import { expect, it } from 'vitest'
import { WaitingSlots } from '../../src/cluster/waiting-slots.js'
import { Counters } from '../../src/connection/request/counters.js'
import { closed } from '../../src/connection/request/rejections.js'
import type { ClientOptions } from '../../src/index.js'
import { resolveOptions } from '../../src/options/resolve.js'
import { FakeClock } from '../support/fake-clock.js'
import { TestRequest } from '../support/test-request.js'

function start(given: ClientOptions) {
  const clock = new FakeClock()
  const counters = new Counters()
  const options = resolveOptions(given)
  const waiting = new WaitingSlots({ options, clock, counters, lastError: () => undefined, onDue: () => {} })
  /** Lets a request wait, if it is allowed to. */
  const wait = (slot: number): TestRequest => {
    const request = new TestRequest()
    request.bytes = 10
    request.calledAt = clock.now()
    if (waiting.admit(request)) waiting.insert(slot, request)
    return request
  }
  return { clock, counters, waiting, wait }
}

it('As many requests may wait as the options say, and those that have left make room for others', async () => {
  const { clock, waiting, wait } = start({ maxQueued: 3, maxQueuedBytes: 1_000, queueTimeout: 1_000 })
  const refused = (): boolean => wait(5).state === 'settled'
  const given = wait(1)
  wait(2)
  wait(2)
  expect(refused()).toBe(true)
  expect(waiting).toMatchObject({ count: 3, bytes: 30 })
  given.state = 'settled'
  given.queue?.withdrawn(given)
  expect([refused(), refused()]).toEqual([false, true])
  expect(waiting.close(2)).toHaveLength(2)
  expect(waiting).toMatchObject({ count: 1, bytes: 10 })
  await clock.advance(1_000)
  expect(waiting).toMatchObject({ count: 0, bytes: 0 })
  wait(3)
  waiting.rejectAll(closed)
  expect(waiting).toMatchObject({ count: 0, bytes: 0 })
})

it.each(['expire', 'are given up', 'leave'])(
  'The queues are short again when enough of those that wait %s',
  async (how) => {
    const { clock, waiting, wait } = start({ maxQueued: 8, queueTimeout: 1_000 })
    let isDrained = false
    const requests = Array.from({ length: 4 }, () => wait(1))
    void waiting.drained().then(() => {
      isDrained = true
    })
    await clock.advance(500)
    wait(2)
    expect(isDrained).toBe(false)
    if (how === 'leave') waiting.close(1)
    else if (how === 'are given up') for (const request of requests) request.queue?.withdrawn(request)
    // The queues of the slots stay open, because their owner is not known.
    await clock.advance(500)
    expect(isDrained).toBe(true)
    expect(waiting.count).toBe(1)
    await waiting.drained()
  },
)

it('Very many requests wait in a time that is proportional to their number', () => {
  const { waiting, wait } = start({ maxQueued: 200_000 })
  for (let count = 0; count < 200_000; count += 1) wait(count % 16_384)
  expect(waiting.count).toBe(200_000)
  const others = Array.from({ length: 10_000 }, () => wait(1))
  expect(others.every(({ state }) => state === 'settled')).toBe(true)
})

it('Each request waits for its slot no longer than `queueTimeout`, also those that begin to wait after others', async () => {
  const { clock, counters, wait } = start({ queueTimeout: 1_000 })
  const requests: TestRequest[] = []
  for (const slot of [1, 2, 2]) {
    requests.push(wait(slot))
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

it('Requests are given up one after the other, without looking at all others each time', async () => {
  const { clock, counters, waiting } = start({ queueTimeout: 60_000 })
  let looks = 0
  for (let count = 0; count < 2_000; count += 1) {
    const queuedAt = count * 30
    const request = Object.defineProperty(new TestRequest(), 'queuedAt', {
      get: () => {
        looks += 1
        return queuedAt
      },
    })
    waiting.insert(count, request)
  }
  await clock.advance(60_000)
  expect(counters.timedOut).toBe(1)
  await clock.advance(60_600)
  expect(counters.timedOut).toBe(2_000)
  expect(looks).toBeLessThan(500_000)
})
