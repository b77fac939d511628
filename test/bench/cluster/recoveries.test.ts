import { expect, it } from 'vitest'
import type { ClusterCall } from '../../../bench/cluster/child.js'
import { recoveriesOf } from '../../../bench/cluster/recoveries.js'

it('every client is asked what was rejected when all of them have stopped', async () => {
  const calls: string[] = []
  const client = (label: string, recoversAfter: number) => {
    let asked = 0
    const ask = async ({ kind }: ClusterCall): Promise<unknown> => {
      calls.push(`${label} ${kind}`)
      if (kind === 'stop') return undefined
      asked += 1
      return { succeededAt: asked > recoversAfter ? 1_500 : undefined, rejected: asked }
    }
    return { label, channel: { ask, end: async () => {} } }
  }
  const until = Date.now() + 10_000
  const found = await recoveriesOf([client('a', 0), client('b', 2)], { killedAt: 1_000, deadAt: 1_100, until })
  expect(calls).toEqual([
    'a written',
    'b written',
    'b written',
    'b written',
    'a stop',
    'b stop',
    'a written',
    'b written',
  ])
  expect(found).toEqual({ a: { recovered: 500, rejected: 2 }, b: { recovered: 500, rejected: 4 } })
})

it('a client that does not recover has no time, but its rejections count', async () => {
  const channel = { ask: async () => ({ succeededAt: undefined, rejected: 3 }), end: async () => {} }
  const found = await recoveriesOf([{ label: 'a', channel }], { killedAt: 1, deadAt: 2, until: 3 })
  expect(found).toEqual({ a: { recovered: undefined, rejected: 3 } })
})
