import { expect, it } from 'vitest'
import { judgePerformance } from '../../../lab/verdict.js'
import { performInCluster } from './in-cluster.js'

it('respite is good while a slot moves, on real servers', async () => {
  const performance = await performInCluster('migration')
  expect(judgePerformance(performance), JSON.stringify(performance, undefined, 1)).toMatchObject({ isGood: true })
  expect(performance.faults.map(({ text }) => text)).toEqual([
    'the slot begins to move from node 1 to node 2',
    'the slot has moved',
  ])
  // Both nodes were asked, on links of the client alone.
  expect(new Set(performance.links.map(({ node }) => node))).toEqual(new Set(['node 1', 'node 2', 'node 3']))
  expect(performance.wire.some(({ text }) => text.includes('REPLCONF'))).toBe(false)
  expect(performance.wire.some(({ text }) => text.includes('-ASK'))).toBe(true)
  // The servers tell the same as the data.
  for (const { key, ran, events } of performance.commands) {
    expect({ key, ran, shown: events.filter(({ what }) => what === 'ran').length }).toEqual({ key, ran: 1, shown: 1 })
  }
}, 40_000)
