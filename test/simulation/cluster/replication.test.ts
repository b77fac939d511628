import { describe, expect, it } from 'vitest'
import { Chance } from '../chance.js'
import { SimulatedClock } from '../clock.js'
import { type SimulatedServer, SimulatedServers } from './servers.js'

const pair = ['{a}1', '{a}2']

/** Shards of a master and two replicas. */
function startCluster(shards: number) {
  const chance = new Chance(1)
  const clock = new SimulatedClock(chance, (error) => expect.unreachable(String(error)))
  const ignore = (): void => {}
  const observer = { note: ignore, violation: ignore, onRefused: ignore, onExecuted: ignore }
  const servers = new SimulatedServers(shards, clock, chance, observer, 2)
  /** Appends to both lists at one moment, as a transaction does. */
  const push = (server: SimulatedServer, text: string, keys = pair): void => {
    for (const key of keys) {
      const args = ['RPUSH', key, text].map((arg) => Buffer.from(arg))
      server.model.store.execute(args, 0)
      servers.replication.onExecuted(server, args)
    }
  }
  return { clock, servers, push }
}

function startShard() {
  const cluster = startCluster(1)
  const [master, successor, replica] = cluster.servers.servers as [SimulatedServer, SimulatedServer, SimulatedServer]
  return { ...cluster, master, successor, replica }
}

const listsOf = ({ model }: SimulatedServer): string[] =>
  pair.map((key) => (model.store.database(0).read(key, 'list') ?? []).map(String).join())

describe('A simulated replica', () => {
  it('has what its master has written, in order, a few milliseconds later', async () => {
    const { clock, master, successor, replica, push } = startShard()
    for (let i = 0; i < 20; i += 1) {
      push(master, `${i}`)
      await clock.advanceTo(clock.now() + 0.5)
    }
    await clock.advanceTo(clock.now() + 10)
    const [list] = listsOf(master)
    expect(list).toMatch(/^0,1,.*,19$/)
    for (const server of [successor, replica]) expect(listsOf(server)).toEqual([list, list])
  })

  it('never shows a transaction in part, also when its master is replaced and has not sent all', async () => {
    const { clock, servers, master, replica, successor, push } = startShard()
    // A single command, which is never sent.
    servers.replication.drop('{a}other', master)
    servers.stop(master, 10_000)
    await clock.advanceTo(5)
    servers.failOver(master, false)
    await clock.advanceTo(1_000)
    expect(replica.follows).toBe(successor)
    for (const text of ['one', 'two', 'three']) {
      push(successor, text)
      const expected = listsOf(successor)
      await clock.advanceTo(clock.now() + 10)
      expect(listsOf(replica)).toEqual(expected)
    }
    await clock.advanceTo(20_000)
    expect(listsOf(replica)).toEqual(['one,two,three', 'one,two,three'])
    expect(listsOf(master)).toEqual(['one,two,three', 'one,two,three'])
  })

  it('gets what it has missed in one go, and in order, once it is no longer behind', async () => {
    const { clock, servers, master, replica, push } = startShard()
    servers.replication.delay(replica, 500)
    for (const text of ['one', 'two', 'three']) {
      push(master, text)
      await clock.advanceTo(clock.now() + 100)
    }
    expect(listsOf(replica)).toEqual(['', ''])
    expect(servers.replication.diverged).toEqual([replica])
    await clock.advanceTo(501)
    expect(servers.replication.diverged).toEqual([])
    expect(listsOf(replica)).toEqual(['one,two,three', 'one,two,three'])
  })

  it('has what its master has after a move of keys, also where a script had created one of them before it arrived', async () => {
    const { clock, servers, push } = startCluster(2)
    const [from, to] = servers.servers as [SimulatedServer, SimulatedServer]
    const [replica] = servers.replicasOf(to) as [SimulatedServer]
    push(from, 'one')
    push(from, 'two', pair.slice(0, 1))
    push(to, 'two', pair.slice(0, 1))
    await clock.advanceTo(10)
    for (const key of pair) servers.moveKey(key, from, to)
    await clock.advanceTo(20)
    expect(servers.replication.diverged).toEqual([])
    for (const server of [to, replica]) expect(listsOf(server)).toEqual(['one,two', 'one'])
    for (const server of [from, ...servers.replicasOf(from)]) expect(listsOf(server)).toEqual(['', ''])
  })
})
