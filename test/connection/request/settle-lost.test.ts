import { describe, expect, it } from 'vitest'
import type { LostRequest } from '../../../src/connection/request/lost-request.js'
import * as rejections from '../../../src/connection/request/rejections.js'
import { settleLost } from '../../../src/connection/request/settle-lost.js'
import { ErrorReply } from '../../../src/protocol/types.js'
import { TestRequest } from '../../support/test-request.js'

/** A request that was handed to a socket once, and whose frame provably never left whole. */
function neverSent(wasBegun: boolean): { request: TestRequest; lost: LostRequest } {
  const request = new TestRequest()
  request.state = 'sent'
  request.attempts = 1
  return { request, lost: { request, neverSent: true, wasBegun, replySeen: 'none', fault: 'none' } }
}

const rules = {
  now: 0,
  mayRequeue: () => true,
  rejectionOf: () => rejections.lost(undefined),
}

describe('an attempt', () => {
  it('counts where a part of the frame may have left: a server that cuts it each time must not be sent it for ever', () => {
    const { request, lost } = neverSent(true)
    expect(settleLost([lost], rules).again).toHaveLength(1)
    expect(request.attempts).toBe(1)
  })

  it('does not count where the reply of another made this side end the connection, as often as it may be sent', () => {
    const request = new TestRequest()
    Object.assign(request, { mayReplay: () => true })
    const attempts = [1, 2, 3, 4, 5].map(() => {
      request.state = 'sent'
      request.attempts += 1
      settleLost([{ request, neverSent: false, wasBegun: true, replySeen: 'none', fault: 'others' }], rules)
      return request.attempts
    })
    expect(attempts).toEqual([0, 0, 0, 1, 2])
  })

  it('does not count where no byte of the frame left', () => {
    const { request, lost } = neverSent(false)
    expect(settleLost([lost], rules).again).toHaveLength(1)
    expect(request.attempts).toBe(0)
  })
})

it('a request that is queued again no longer waits for what the server refused before it was sent', () => {
  const { request, lost } = neverSent(true)
  Object.assign(request, { refusal: new ErrorReply('BUSY Redis is busy running a script.'), refusals: 1 })
  settleLost([lost], rules)
  expect(rejections.waitedTooLong(request, 500, undefined)(request.detailsOf('not-executed')).name).toBe('TimeoutError')
})
