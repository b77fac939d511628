import { describe, expect, it } from 'vitest'
import { type LostRequest, unsent } from '../../../src/connection/request/lost-request.js'
import { RefusalOrder } from '../../../src/connection/request/refusal-order.js'
import type { ChangedKeys, Request } from '../../../src/connection/request/request.js'
import { TestRequest } from '../../support/test-request.js'

/** A request that was sent, and changes these keys. */
function changing(...keys: readonly string[]): Request {
  const changes: ChangedKeys = keys.includes('all') ? 'all' : new Set(keys)
  return Object.assign(new TestRequest(), { state: 'sent', changedKeys: () => changes })
}

/** All are sent, and those at these places refused for now. @returns the places of those that can't be sent again in order */
function overtaken(sent: readonly Request[], refused: readonly number[], lost: readonly LostRequest[] = []): number[] {
  const order = new RefusalOrder()
  for (const place of refused) {
    const request = sent[place] as Request
    order.note(request, sent.slice(place + 1))
    request.state = 'queued'
  }
  expect(order.isOpen).toBe(true)
  const rejected = order.close(lost)
  expect(order.isOpen).toBe(false)
  return rejected.map((request) => sent.indexOf(request)).sort()
}

describe('A request that the server refused for now', () => {
  it('can not be sent again behind one that changed a key of it', () => {
    expect(overtaken([changing('k'), changing('k')], [0])).toEqual([0])
    expect(overtaken([changing('k'), changing('j')], [0])).toEqual([])
  })

  it('can be sent again where those behind it were refused, too, or were before it', () => {
    expect(overtaken([changing('k'), changing('k')], [0, 1])).toEqual([])
    expect(overtaken([changing('k'), changing('k')], [1])).toEqual([])
  })

  it('can be sent again where one behind it was lost and can not have run', () => {
    for (const later of [changing('k'), changing('all')]) {
      expect(overtaken([changing('k'), later], [0], [unsent(later)])).toEqual([])
    }
  })

  it('can be sent again where a part of an error came for one behind it that was lost, but not where anything else did', () => {
    const later = changing('k')
    const lostAfter = (replySeen: LostRequest['replySeen']): LostRequest[] => [
      { request: later, neverSent: false, wasBegun: true, replySeen, fault: 'none' },
    ]
    expect(overtaken([changing('k'), later], [0], lostAfter('error'))).toEqual([])
    expect(overtaken([changing('k'), later], [0], lostAfter('value'))).toEqual([0])
    expect(overtaken([changing('k'), later], [0], lostAfter('none'))).toEqual([0])
  })

  it('shares its keys with every other where they are not known', () => {
    expect(overtaken([changing('all'), changing('k')], [0])).toEqual([0])
    expect(overtaken([changing('k'), changing('all')], [0])).toEqual([0])
    expect(overtaken([changing('all'), changing('all')], [0])).toEqual([0])
  })

  it('shares none where it, or the other, changes nothing', () => {
    expect(overtaken([changing(), changing('all')], [0])).toEqual([])
    expect(overtaken([changing('all'), changing()], [0])).toEqual([])
  })

  it('is not rejected where its caller has given it up meanwhile', () => {
    const sent = [changing('k'), changing('k')]
    const order = new RefusalOrder()
    order.note(sent[0] as Request, sent.slice(1))
    ;(sent[0] as Request).state = 'settled'
    expect(order.close([])).toEqual([])
  })
})
