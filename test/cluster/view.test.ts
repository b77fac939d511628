import { describe, expect, it } from 'vitest'
import { mostAgreed, type View, viewOf } from '../../src/cluster/view.js'

const node = (name: string, port: number, host: string | null = '10.0.0.1'): (string | number | null)[] => [
  host,
  port,
  name,
]

const view = (...ranges: unknown[]): View => viewOf(ranges as never, '10.9.9.9') as View

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

  it.each([[null], ['OK'], [[['x']]], [[[0, 99_999, ['h', 1, 'i']]]], [[[5, 1, ['h', 1, 'i']]]], [[[0, 1]]]])(
    'is refused: %j',
    (reply) => {
      expect(viewOf(reply as never, 'h')).toBeUndefined()
    },
  )
})

describe('Of several views', () => {
  const old = view([0, 10, node('a', 1)])
  const now = view([0, 10, node('b', 2)])
  const trusting = (): boolean => false
  const most = (
    views: readonly View[],
    isSuspect = trusting as (id: string) => boolean,
    known = '',
  ): View | undefined => mostAgreed(views, isSuspect, known)

  it('the one that most agree on counts', () => {
    expect(most([old, now, view([0, 10, node('b', 2)])])?.text).toBe(now.text)
    expect(most([])).toBeUndefined()
  })

  it('then the one that covers more slots, then the one without suspects, then what is believed', () => {
    const more = view([0, 12, node('b', 2)])
    expect(most([old, more])).toBe(more)
    expect(most([old, now], (id) => id === 'a')).toBe(now)
    expect(most([now, old], (id) => id === 'a')).toBe(now)
    expect(most([old, now], trusting, now.text)).toBe(now)
    expect(most([now, old], trusting, old.text)).toBe(old)
  })
})
