import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { Cancellation } from '../../../src/connection/request/cancellation.js'
import { settle } from '../../support/fake-clock.js'
import { TestRequest } from '../../support/test-request.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Watches a request under a signal of its own, settles it, and forgets both. */
function useOnce(cancellation: Cancellation): WeakRef<AbortSignal> {
  const { signal } = new AbortController()
  const request = new TestRequest()
  cancellation.watch(request, signal)
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  request.succeed()
  return new WeakRef(signal)
}

describe('a signal', () => {
  it('is not kept once its last request has been settled', async () => {
    const cancellation = new Cancellation(() => {})
    const used = Array.from({ length: 20 }, () => useOnce(cancellation))
    await settle()
    // What a WeakRef was asked for stays until the next turn of the event loop.
    await settle()
    collectGarbage()
    const kept = used.filter((signal) => signal.deref() !== undefined)
    expect(kept.length).toBeLessThan(2)
    // Kept until here: it is the cancellation that must not keep them.
    expect(cancellation).toBeDefined()
  })

  it('that is aborted ends each of its requests, in the order of their calls', () => {
    const requests = Array.from({ length: 3 }, () => new TestRequest())
    const ended: number[] = []
    const cancellation = new Cancellation((request) => ended.push(requests.indexOf(request as TestRequest)))
    const controller = new AbortController()
    for (const request of requests) cancellation.watch(request, controller.signal)
    controller.abort()
    expect(ended).toEqual([0, 1, 2])
  })
})
