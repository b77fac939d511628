import { describe, expect, it } from 'vitest'
import { RefusalOrder } from '../../../src/connection/request/refusal-order.js'
import type { ChangedKeys, Request } from '../../../src/connection/request/request.js'
import { TestRequest } from '../../support/test-request.js'

/** A request that was sent, and changes these keys. */
function changing(...keys: readonly string[]): Request {
  const changes: ChangedKeys = keys.includes('all') ? 'all' : new Set(keys)
  return Object.assign(new TestRequest(), { state: 'sent', changedKeys: () => changes })
}

/** All are sent, and those at these places refused for now. @returns the places of those that can't be sent again in order */
function overtaken(sent: readonly Request[], refused: readonly number[], neverRan: readonly number[] = []): number[] {
  const order = new RefusalOrder()
  for (const place of refused) {
    const request = sent[place] as Request
    order.note(request, sent.slice(place + 1))
    request.state = 'queued'
  }
  expect(order.isOpen).toBe(true)
  const rejected = order.close(new Set(neverRan.map((place) => sent[place] as Request)))
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
    expect(overtaken([changing('k'), changing('k')], [0], [1])).toEqual([])
    expect(overtaken([changing('k'), changing('all')], [0], [1])).toEqual([])
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
    expect(order.close(new Set())).toEqual([])
  })
})
