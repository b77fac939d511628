import { describe, expect, it } from 'vitest'
import { evidenceOnLoss, pingSlot, type StreamEnd } from '../../../src/connection/wire/evidence.js'
import { TestRequest } from '../../support/test-request.js'

/** A request whose frame has so many bytes. */
function frameOf(bytes: number): TestRequest {
  const request = new TestRequest()
  request.frameBytes = bytes
  return request
}

const stream = (unsentBytes: number, more: Partial<StreamEnd> = {}): StreamEnd => ({
  bytesWritten: 100,
  unsentBytes,
  silentBytes: 0,
  pingBytes: 14,
  partOfReply: 'none',
  isReplyAtFault: false,
  ...more,
})

/** What is known of each: `maybe` it left whole, `cut`, or `none` of it left. */
function knownOf(...[slots, end]: Parameters<typeof evidenceOnLoss>): string[] {
  return evidenceOnLoss(slots, end).map(({ neverSent, wasBegun }) =>
    neverSent ? (wasBegun ? 'cut' : 'none') : 'maybe',
  )
}

describe('of the requests on a lost connection', () => {
  const slots = [frameOf(10), frameOf(10), frameOf(10)]

  it.each([
    [0, ['maybe', 'maybe', 'maybe']],
    [1, ['maybe', 'maybe', 'cut']],
    [10, ['maybe', 'maybe', 'none']],
    [15, ['maybe', 'cut', 'none']],
    [30, ['none', 'none', 'none']],
  ])('with %i unsent bytes at the end of the stream: %j', (unsentBytes, known) => {
    expect(knownOf(slots, stream(unsentBytes))).toEqual(known)
  })

  it.each([
    [false, ['none', 'none', 'none']],
    [true, ['own', 'others', 'others']],
  ])('the oldest is at fault if this side ended the connection because of a reply: %s', (isReplyAtFault, faults) => {
    expect(evidenceOnLoss(slots, stream(0, { isReplyAtFault })).map(({ fault }) => fault)).toEqual(faults)
  })

  it('frames without a reply that came behind take unsent bytes first', () => {
    expect(knownOf(slots, stream(12, { silentBytes: 12 }))).toEqual(['maybe', 'maybe', 'maybe'])
    expect(knownOf(slots, stream(13, { silentBytes: 12 }))).toEqual(['maybe', 'maybe', 'cut'])
  })

  it("so does the connection's own PING, which is not reported", () => {
    expect(knownOf([frameOf(10), pingSlot], stream(14))).toEqual(['maybe'])
    expect(knownOf([frameOf(10), pingSlot], stream(15))).toEqual(['cut'])
  })

  it('one that may have left whole has not run if the server has not read its last byte', () => {
    const lost = evidenceOnLoss([frameOf(10), frameOf(20)], stream(0, { silentBytes: 5 }))
    // The stream: ... 65 first 75 second 95 silent 100
    expect(lost.map(({ doubt }) => doubt?.unreadUpTo)).toEqual([74, 94])
    expect(evidenceOnLoss(slots, stream(1)).map(({ doubt }) => doubt?.unreadUpTo)).toEqual([79, 89, undefined])
  })

  it('only the oldest can have a part of its reply', () => {
    const lost = evidenceOnLoss(slots, stream(0, { partOfReply: 'value' }))
    expect(lost.map(({ replySeen }) => replySeen)).toEqual(['value', 'none', 'none'])
  })
})
