import { beforeEach, describe, expect, it } from 'vitest'
import { ConnectError } from '../../src/errors.js'
import type { MasterView } from '../../src/sentinel/address.js'
import { type Answerer, Round, staggerMs } from '../../src/sentinel/round.js'
import { FakeClock } from '../support/fake-clock.js'

const sentinels = ['s1', 's2', 's3'].map((host) => ({ host, port: 1 }))
const view = (host: string, epoch: number): MasterView => ({ host, port: 1, epoch })
const down = new ConnectError('down', { fate: 'not-executed' })

describe('a round of questions', () => {
  let clock: FakeClock
  let known: MasterView | undefined
  /** Those under way, by sentinel. */
  let open: Map<string, Answerer>
  let asked: string[]
  let found: string[]

  beforeEach(() => {
    clock = new FakeClock()
    known = undefined
    open = new Map()
    asked = []
    found = []
  })

  const begin = (wanted: 'first' | 'newest', count = 3): Round => {
    const round = new Round(wanted, sentinels.slice(0, count), {
      clock,
      known: () => known,
      ask: ({ host }, answerer) => {
        asked.push(host)
        open.set(host, answerer)
        return { cancel: () => open.delete(host) }
      },
      onFound: (sentinel, { host }) => found.push(`${host} by ${sentinel.host}`),
      onNone: (failures, outdated) => found.push(`none: ${failures.length} failed, ${outdated.length} outdated`),
    })
    round.begin()
    return round
  }
  const says = (sentinel: string, ...args: Parameters<typeof view>): void => {
    const answerer = open.get(sentinel)
    open.delete(sentinel)
    answerer?.onView(view(...args))
  }
  const fails = (sentinel: string): void => {
    const answerer = open.get(sentinel)
    open.delete(sentinel)
    answerer?.onFailed(down)
  }

  describe('for the first answer', () => {
    it('asks one sentinel, and no other if it answers', async () => {
      begin('first')
      says('s1', 'a', 1)
      await clock.advance(1_000)
      expect([asked, found, clock.pending]).toEqual([['s1'], ['a by s1'], 0])
    })

    it('asks the next when one has been silent for 200 ms, and takes whichever answers first', async () => {
      begin('first')
      await clock.advance(staggerMs - 1)
      expect(asked).toEqual(['s1'])
      await clock.advance(1)
      expect(asked).toEqual(['s1', 's2'])
      says('s1', 'a', 1)
      expect(found).toEqual(['a by s1'])
      expect(open.size).toBe(0)
    })

    it('asks the next at once when one fails, also while another is silent', async () => {
      begin('first')
      fails('s1')
      expect(asked).toEqual(['s1', 's2'])
      await clock.advance(staggerMs - 1)
      fails('s2')
      expect(asked).toEqual(['s1', 's2', 's3'])
      says('s3', 'a', 1)
      expect(found).toEqual(['a by s3'])
    })

    it('tells when all have failed', () => {
      begin('first')
      for (const { host } of sentinels) fails(host)
      expect(found).toEqual(['none: 3 failed, 0 outdated'])
      expect(clock.pending).toBe(0)
    })

    it('does not believe a sentinel that missed a failover', () => {
      known = view('b', 2)
      begin('first')
      says('s1', 'a', 1)
      expect([asked, found]).toEqual([['s1', 's2'], []])
      says('s2', 'b', 2)
      expect(found).toEqual(['b by s2'])
    })

    it('does not believe one that is asked when a failover is announced', () => {
      known = view('a', 1)
      begin('first')
      known = view('b', 1.5)
      says('s1', 'a', 1)
      says('s2', 'b', 2)
      expect(found).toEqual(['b by s2'])
    })

    it('believes outdated sentinels only if they are more than half of all, and nobody knows better', () => {
      known = view('b', 2)
      begin('first')
      says('s1', 'a', 1)
      fails('s2')
      fails('s3')
      expect(found).toEqual(['none: 2 failed, 1 outdated'])
      begin('first')
      says('s1', 'a', 0)
      fails('s2')
      says('s3', 'a', 1)
      expect(found[1]).toBe('a by s3')
    })

    it('ends when it is cancelled', async () => {
      begin('first').cancel()
      await clock.advance(1_000)
      expect([asked, open.size, found]).toEqual([['s1'], 0, []])
    })
  })

  describe('for the newest answer', () => {
    it('asks all at once, and takes the one with the highest epoch', () => {
      begin('newest')
      expect(asked).toEqual(['s1', 's2', 's3'])
      says('s1', 'a', 1)
      says('s2', 'b', 2)
      says('s3', 'a', 1)
      expect(found).toEqual(['b by s2'])
    })

    it('waits for silent ones for 200 ms, and after that for the first good answer', async () => {
      begin('newest')
      says('s1', 'a', 1)
      await clock.advance(staggerMs)
      expect(found).toEqual(['a by s1'])
      begin('newest')
      await clock.advance(staggerMs)
      says('s2', 'a', 1)
      expect(found).toEqual(['a by s1', 'a by s2'])
      expect(clock.pending).toBe(0)
    })

    it('waits no longer once an answer is newer than what is known', () => {
      known = view('a', 1)
      begin('newest')
      says('s1', 'a', 1)
      says('s2', 'b', 2)
      expect(found).toEqual(['b by s2'])
      expect(open.size).toBe(0)
    })

    it('does not believe an outdated one because the others are silent or down', async () => {
      known = view('b', 2)
      begin('newest')
      says('s1', 'a', 1)
      await clock.advance(staggerMs)
      fails('s2')
      expect(found).toEqual([])
      fails('s3')
      expect(found).toEqual(['none: 2 failed, 1 outdated'])
    })
  })
})
