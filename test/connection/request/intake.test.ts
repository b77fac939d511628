import { describe, expect, it } from 'vitest'
import { Counters } from '../../../src/connection/request/counters.js'
import { Intake } from '../../../src/connection/request/intake.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { TestRequest } from '../../support/test-request.js'

class LimitedRequest extends TestRequest {
  override get timeout(): number {
    return 100
  }
}

/** An intake for a queue that rejects each request that its caller has given up. */
function start() {
  const clock = new FakeClock()
  const counters = new Counters()
  const intake = new Intake(clock, counters, (request, rejection) => request.fail('not-executed', rejection))
  return { clock, counters, intake }
}

describe('an intake', () => {
  it('rejects a request whose signal was aborted before', () => {
    const { counters, intake } = start()
    const request = new TestRequest()
    expect(intake.rejectAborted(request, AbortSignal.abort('no need'))).toBe(true)
    expect(request.outcome).toMatchObject({ error: { name: 'AbortError', fate: 'not-executed', cause: 'no need' } })
    expect(counters.aborted).toBe(1)
  })

  it.each([undefined, new AbortController().signal])('leaves others alone: %s', (signal) => {
    const { intake } = start()
    const request = new TestRequest()
    expect(intake.rejectAborted(request, signal)).toBe(false)
    expect(request.state).toBe('queued')
  })

  it('tells the queue when a signal is aborted', async () => {
    const { counters, intake } = start()
    const [request, controller] = [new TestRequest(), new AbortController()]
    intake.watch(request, controller.signal, 0)
    controller.abort()
    await settle()
    expect(request.outcome).toMatchObject({ error: { name: 'AbortError' } })
    expect(counters.aborted).toBe(1)
  })

  it('tells the queue when a time limit has passed', async () => {
    const { clock, counters, intake } = start()
    const request = new LimitedRequest()
    intake.watch(request, undefined, clock.now())
    await clock.advance(99)
    expect(request.outcome).toBeUndefined()
    await clock.advance(2)
    expect(request.outcome).toMatchObject({ error: { name: 'TimeoutError', fate: 'not-executed' } })
    expect(counters.timedOut).toBe(1)
  })

  it('has no timer left when it is stopped', () => {
    const { clock, intake } = start()
    intake.watch(new LimitedRequest(), undefined, clock.now())
    intake.stop()
    expect(clock.pending).toBe(0)
  })
})
