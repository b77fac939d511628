import { describe, expect, it } from 'vitest'
import { slotOfKey } from '../../src/commands/slots.js'
import { beginToMove, type SimulatedCluster, startCluster } from './simulated-cluster.js'

/** A cursor is valid only for the server process that returned it, and the next step may be answered by another one. */

const members = Array.from({ length: 60 }, (_, index) => `m${index}`)

const kinds = {
  hscanIterator: ({ cluster }: SimulatedCluster) =>
    cluster.hset(
      'k',
      members.flatMap((member) => [member, 1]),
    ),
  sscanIterator: ({ cluster }: SimulatedCluster) => cluster.sadd('k', members),
  zscanIterator: ({ cluster }: SimulatedCluster) =>
    cluster.zadd(
      'k',
      members.flatMap((member) => [1, member]),
    ),
} as const

const changes = {
  'its slot moves': ({ servers, first, others: [target] }: SimulatedCluster) => {
    servers.moveKey('k', first, target)
    for (const { member } of servers.servers) member.assign(target.self, slotOfKey('k'))
  },
  'it moves, and the rest of its slot does not yet': ({ servers, first, others: [target] }: SimulatedCluster) => {
    beginToMove(slotOfKey('k'), first, target)
    servers.moveKey('k', first, target)
  },
  'its master fails over': ({ servers, first }: SimulatedCluster) => servers.failOver(first, true),
} as const

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s returns each element of a key', (name) => {
  it.each(Object.keys(changes) as (keyof typeof changes)[])('although %s in the middle', async (change) => {
    const all = await startCluster('k')
    const { cluster, pass } = all
    await Promise.all([kinds[name](all), pass(100)])
    const seen = new Set<string>()
    let steps = 0
    const scan = (async () => {
      for await (const element of cluster[name]('k', { count: 5 })) {
        seen.add(typeof element === 'string' ? element : element[0])
        steps += 1
        if (steps === members.length / 2) changes[change](all)
      }
    })()
    await Promise.all([scan, pass(20_000)])
    expect([...seen].sort()).toEqual(members.toSorted())
    cluster.destroy()
  })
})
