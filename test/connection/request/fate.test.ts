import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinFates, type Situation, verdictOnLoss } from '../../../src/connection/request/fate.js'
import type { Fate } from '../../../src/errors.js'

const sent: Situation = {
  neverSent: false,
  abandoned: false,
  replySeen: 'none',
  isAtFault: false,
  mayReplay: false,
  attempts: 1,
  maxAttempts: 3,
}

describe('what becomes of a request when its connection ends', () => {
  it.each<[string, Partial<Situation>, string, Fate]>([
    ['never sent, whatever its policy', { neverSent: true }, 'requeue', 'not-executed'],
    ['queued, without an attempt', { neverSent: true, attempts: 0, maxAttempts: 1 }, 'requeue', 'not-executed'],
    ['cut in its frame, attempts used up', { neverSent: true, attempts: 3 }, 'reject', 'not-executed'],
    ['sent, no reply seen, within policy', { mayReplay: true }, 'requeue', 'unknown'],
    ['sent, no reply seen, beyond policy', {}, 'reject', 'unknown'],
    ['sent, no reply seen, attempts used up', { mayReplay: true, attempts: 3 }, 'reject', 'unknown'],
    ['sent, part of its reply seen, within policy', { replySeen: 'value', mayReplay: true }, 'requeue', 'executed'],
    ['sent, part of its reply seen, beyond policy', { replySeen: 'value' }, 'reject', 'executed'],
    ['sent, part of an error seen, beyond policy', { replySeen: 'error' }, 'reject', 'refused'],
    [
      'its reply exceeds a limit, although within policy',
      { isAtFault: true, replySeen: 'value', mayReplay: true },
      'reject',
      'executed',
    ],
    ['garbage within its reply, although within policy', { isAtFault: true, mayReplay: true }, 'reject', 'unknown'],
    ['abandoned, although within policy', { abandoned: true, mayReplay: true }, 'drop', 'unknown'],
    ['abandoned, never sent', { abandoned: true, neverSent: true }, 'drop', 'not-executed'],
  ])('%s', (_title, situation, action, fate) => {
    expect(verdictOnLoss({ ...sent, ...situation })).toEqual({ action, fate })
  })
})

describe('the joined fates of two attempts', () => {
  const fates = fc.constantFrom<Fate>('not-executed', 'unknown', 'executed', 'refused')

  it('are not-executed only if both are', () => {
    fc.assert(
      fc.property(fates, fates, (earlier, later) => {
        const isSafe = earlier === 'not-executed' && later === 'not-executed'
        expect(joinFates(earlier, later) === 'not-executed').toBe(isSafe)
      }),
    )
  })

  it('are executed if one is', () => {
    fc.assert(
      fc.property(fates, (fate) => {
        expect(joinFates('executed', fate)).toBe('executed')
        expect(joinFates(fate, 'executed')).toBe('executed')
      }),
    )
  })
})
