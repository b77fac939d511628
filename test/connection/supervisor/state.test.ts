import { expect, it } from 'vitest'
import { type Status, StatusMachine } from '../../../src/connection/supervisor/state.js'

it('allows the transitions of its drawing, and reports each', () => {
  const seen: string[] = []
  const machine = new StatusMachine((now, before) => seen.push(`${before} -> ${now}`))
  for (const status of ['connecting', 'ready', 'reconnecting', 'ready', 'closing', 'closed'] as const)
    machine.to(status)
  expect(seen).toEqual([
    'idle -> connecting',
    'connecting -> ready',
    'ready -> reconnecting',
    'reconnecting -> ready',
    'ready -> closing',
    'closing -> closed',
  ])
})

it.each<[Status[], Status]>([
  [[], 'ready'],
  [['connecting'], 'reconnecting'],
  [['connecting', 'ready'], 'connecting'],
  [['closed'], 'connecting'],
])('refuses others: from %j to %s', (way, next) => {
  const machine = new StatusMachine(() => {})
  for (const status of way) machine.to(status)
  expect(() => machine.to(next)).toThrow('impossible transition')
})
