import { describe, expect, it } from 'vitest'
import type { Request } from '../../../src/connection/request/request.js'
import { Backlog } from '../../../src/connection/shared/backlog.js'
import { FakeClock } from '../../support/fake-clock.js'
import { TestRequest } from '../../support/test-request.js'

function start(): { backlog: Backlog; clock: FakeClock } {
  const clock = new FakeClock()
  const backlog = new Backlog({ maxQueued: 10, maxQueuedBytes: 1_000, queueTimeout: 100 }, clock, {
    isFlowing: () => false,
    whyOffline: () => undefined,
    counters: { timedOut: 0 },
  })
  return { backlog, clock }
}

describe('a request that waits for a connection as long as it may', () => {
  it('is rejected, also behind one that was sent before and waits again since a shorter time', async () => {
    const { backlog, clock } = start()
    const [lost, waiting] = [new TestRequest(), new TestRequest()]
    waiting.calledAt = clock.now()
    backlog.queue.push(waiting)
    backlog.watch()
    await clock.advance(60)
    // Its connection was lost just now: it stands before all others.
    lost.attempts = 1
    lost.queuedAt = clock.now()
    backlog.queue.putBack([lost])
    await clock.advance(50)
    expect(waiting.outcome).toMatchObject({ error: { name: 'TimeoutError', fate: 'not-executed' } })
    expect(lost.outcome).toBeUndefined()
    await clock.advance(60)
    expect(lost.outcome).toMatchObject({ error: { name: 'TimeoutError' } })
    expect(clock.pending).toBe(0)
  })

  it('is rejected, also behind one that another node has redirected, so that it waits since a shorter time', async () => {
    const { backlog, clock } = start()
    const [redirected, waiting] = [new TestRequest(), new TestRequest()]
    waiting.calledAt = clock.now()
    backlog.watch()
    await clock.advance(60)
    // A redirection is no attempt.
    redirected.queuedAt = clock.now()
    backlog.queue.push(redirected)
    backlog.queue.push(waiting)
    await clock.advance(50)
    expect(waiting.outcome).toMatchObject({ error: { name: 'TimeoutError', fate: 'not-executed' } })
    expect(redirected.outcome).toBeUndefined()
    backlog.stopWatching()
  })

  it('is rejected, also behind a younger one, if it has waited at another node before', async () => {
    const { backlog, clock } = start()
    const [younger, moved] = [new TestRequest(), new TestRequest()]
    moved.calledAt = clock.now()
    await clock.advance(60)
    younger.calledAt = clock.now()
    backlog.queue.push(younger)
    backlog.watch()
    backlog.queue.push(moved)
    backlog.watch(moved.queuedAt)
    await clock.advance(35)
    expect(moved.outcome).toBeUndefined()
    await clock.advance(10)
    expect(moved.outcome).toMatchObject({
      error: { name: 'TimeoutError', message: expect.stringMatching('waited 100 ms') },
    })
    expect(younger.outcome).toBeUndefined()
    await clock.advance(60)
    expect(younger.outcome).toMatchObject({ error: { name: 'TimeoutError' } })
  })
})

it('many requests that have waited as long as they may, one shortly after the other, are rejected several at a time', async () => {
  const clock = new FakeClock()
  let looks = 0
  const isFlowing = (): boolean => {
    looks += 1
    return false
  }
  const limits = { maxQueued: 1_000, maxQueuedBytes: 1_000, queueTimeout: 1_000 }
  const backlog = new Backlog(limits, clock, { isFlowing, whyOffline: () => undefined, counters: { timedOut: 0 } })
  const requests = Array.from({ length: 100 }, (_, index) => Object.assign(new TestRequest(), { calledAt: index / 2 }))
  for (const request of requests) {
    backlog.queue.push(request)
    backlog.watch(request.queuedAt)
  }
  await clock.advance(1_100)
  expect(requests.every(({ outcome }) => outcome !== undefined)).toBe(true)
  expect(looks).toBeLessThan(10)
})

describe('a request that was refused for now', () => {
  it('is sent again before all that waits, in its order', () => {
    const { backlog } = start()
    const requests = [new TestRequest(), new TestRequest(), new TestRequest()]
    const orderOf = (found: readonly (Request | undefined)[]): number[] =>
      found.map((each) => requests.indexOf(each as TestRequest))
    for (const request of requests.slice(0, 2)) backlog.setApart(request)
    backlog.queue.push(requests[2] as TestRequest)
    expect(orderOf([...backlog])).toEqual([0, 1, 2])
    backlog.rejoin()
    expect(orderOf([backlog.queue.shift(), backlog.queue.shift(), backlog.queue.shift()])).toEqual([0, 1, 2])
    backlog.stopWatching()
  })

  it('stays in its order with those that are refused after another was put before all', () => {
    const { backlog } = start()
    const [early, late, first, waiting] = [new TestRequest(), new TestRequest(), new TestRequest(), new TestRequest()]
    backlog.queue.push(waiting)
    backlog.setApart(early)
    backlog.putFirst(first)
    backlog.setApart(late)
    backlog.rejoin()
    const sent = [1, 2, 3, 4].map(() => backlog.queue.shift())
    expect(sent.map((request) => [early, late, first, waiting].indexOf(request as TestRequest))).toEqual([2, 0, 1, 3])
    backlog.stopWatching()
  })
})

it('a request of the client itself that is put first, and was never watched, is as old as its wait', async () => {
  const { backlog, clock } = start()
  await clock.advance(40)
  const [own, watched] = [new TestRequest(), new TestRequest()]
  watched.calledAt = 7
  for (const request of [own, watched]) backlog.putFirst(request)
  expect([own, watched].map(({ calledAt }) => calledAt)).toEqual([clock.now(), 7])
})
