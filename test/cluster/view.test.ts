import { describe, expect, it } from 'vitest'
import { mostAgreed, type View, viewOf } from '../../src/cluster/view.js'

const node = (name: string, port: number, host: string | null = '10.0.0.1'): (string | number | null)[] => [
  host,
  port,
  name,
]

/** The node with this name, which is asked for its view. */
const voter = (id: string) => ({ id, address: { host: '10.9.9.9', port: 9 }, role: 'master' as const })

/** What this node says. */
const viewBy = (id: string, ...ranges: unknown[]): View => viewOf(ranges as never, voter(id)) as View

const view = (...ranges: unknown[]): View => viewBy('another', ...ranges)

describe('A reply to CLUSTER SLOTS', () => {
  it('says who has which slots, and who copies whom', () => {
    const { masters, covered } = view(
      [0, 10, node('a', 1), node('b', 2)],
      [20, 30, node('a', 1), node('b', 2)],
      [11, 19, node('c', 3)],
    )
    expect(covered).toBe(31)
    expect(masters).toEqual([
      {
        id: 'a',
        address: { host: '10.0.0.1', port: 1 },
        slots: [
          [0, 10],
          [20, 30],
        ],
        replicas: [{ id: 'b', address: { host: '10.0.0.1', port: 2 } }],
      },
      { id: 'c', address: { host: '10.0.0.1', port: 3 }, slots: [[11, 19]], replicas: [] },
    ])
  })

  it('without a host means the server that was asked; with ? it has no address', () => {
    const [a, b, c] = view([0, 1, node('a', 1, null)], [2, 3, node('b', 2, '')], [4, 5, node('c', 3, '?')]).masters
    expect(a?.address).toEqual({ host: '10.9.9.9', port: 1 })
    expect(b?.address).toEqual({ host: '10.9.9.9', port: 2 })
    expect(c?.address).toBeUndefined()
  })

  it.each([[null], ['OK'], [[]], [[['x']]], [[[0, 99_999, ['h', 1, 'i']]]], [[[5, 1, ['h', 1, 'i']]]], [[[0, 1]]]])(
    'is refused: %j',
    (reply) => {
      expect(viewOf(reply as never, voter('a'))).toBeUndefined()
    },
  )
})

describe('Of several views', () => {
  const old = view([0, 10, node('a', 1)])
  const now = view([0, 10, node('b', 2)])
  const most = (views: readonly View[], lost: readonly string[] = [], known = ''): View | undefined =>
    mostAgreed(views, lost.map(voter), known)

  it('the one that most agree on counts', () => {
    expect(most([old, now, view([0, 10, node('b', 2)])])?.text).toBe(now.text)
    expect(most([])).toBeUndefined()
  })

  it('then the one that covers more slots, then the one without suspects, then what is believed', () => {
    const more = view([0, 12, node('b', 2)])
    expect(most([old, more])).toBe(more)
    expect(most([old, now], ['a'])).toBe(now)
    expect(most([now, old], ['a'])).toBe(now)
    expect(most([old, now], [], now.text)).toBe(now)
    expect(most([now, old], [], old.text)).toBe(old)
  })

  it('that of a node which the others do not name as a master counts less, so that a demoted master does not keep its slots', () => {
    const masters = [11, 20, node('c', 3)]
    const byDemoted = viewBy('a', [0, 10, node('a', 1)], masters)
    const byOther = viewBy('c', [0, 10, node('b', 2)], masters)
    const byReplica = viewBy('d', [0, 10, node('b', 2)], masters)
    expect(most([byDemoted, byOther], [], byDemoted.text)).toBe(byOther)
    expect(most([byReplica, byDemoted], [], byDemoted.text)).toBe(byReplica)
    // The new master has no more weight than the old one.
    const byPromoted = viewBy('b', [0, 10, node('b', 2)], masters)
    expect(most([byDemoted, byPromoted], [], byDemoted.text)).toBe(byDemoted)
    expect(most([byDemoted, byPromoted], [], byPromoted.text)).toBe(byPromoted)
    // Two votes are more than one.
    const byLate = viewBy('c', [0, 10, node('a', 1)], masters)
    expect(most([byPromoted, byLate, byDemoted])).toBe(byLate)
  })
})
