import { expect, it } from 'vitest'
import type { Cluster } from '../../src/cluster/cluster.js'
// Loaded on demand by the client: here before, so that loading takes no time that is not simulated.
import { addressIn } from '../../src/cluster/cluster-scan.js'
import { slotOfKey } from '../../src/commands/slots.js'
import type { SimulatedServer } from '../simulation/cluster/servers.js'
import { names, startServers } from './simulated-cluster.js'

/** A scan returns each key that exists all the time, also in cases that random schedules meet seldom. */

const key = '{t}key'
const slot = slotOfKey(key)

async function start() {
  let onReached: (words: string) => void = () => {}
  const reach = (args: readonly Buffer[]): void => onReached(args.slice(0, 2).join(' '))
  const events = { onRefused: reach, onExecuted: (_: unknown, args: readonly Buffer[]) => reach(args) }
  const { cluster, servers, pass } = startServers(3, {}, events)
  const first = servers.ownerOf(slot) as SimulatedServer
  const [other] = servers.masters.filter((server) => server !== first) as [SimulatedServer]
  // All connections are there, and each node is known.
  const calls = names.map((name) => cluster.set(name, 1))
  await Promise.all([...calls, cluster.set(key, 1), pass(1_000)])
  // The slot has another owner, which this client does not know yet.
  servers.moveKey(key, first, other)
  for (const { member } of servers.servers) member.assign(other.self, slot)
  return {
    cluster,
    pass,
    /** When a server runs or refuses such a command, the old owner of the slot becomes slow, and is sent reads. */
    becomeBusyAt(words: string): { reads: Promise<unknown>[] } {
      const reads: Promise<unknown>[] = []
      onReached = (reached) => {
        if (reached !== words) return
        onReached = () => {}
        servers.slowDown(first, 'out', 700)
        for (const name of names) reads.push(cluster.get(name))
      }
      return { reads }
    },
  }
}

async function keysOf(cluster: Cluster): Promise<string[]> {
  const keys: string[] = []
  for await (const each of cluster.scanIterator()) keys.push(each)
  return keys
}

it('a scan returns keys that are not valid UTF-8, whose slots their text does not tell', async () => {
  const { cluster, pass } = await start()
  const texts = Array.from({ length: 60 }, (_, index) => `binary${index}`)
  const set = (text: string): unknown => cluster.set(Buffer.concat([Buffer.from(text), Buffer.of(0xff)]), 1)
  await Promise.all([...texts.map(set), pass(1_000)])
  const scan = keysOf(cluster)
  await pass(4_000)
  expect(await scan).toEqual(expect.arrayContaining(texts.map((text) => `${text}\ufffd`)))
  cluster.destroy()
})

it('a scan does not end while replies of the old owner of a slot are pending, if the last view shows another owner', async () => {
  const { cluster, pass, becomeBusyAt } = await start()
  const { reads } = becomeBusyAt('CLUSTER SLOTS')
  const scan = keysOf(cluster)
  await pass(4_000)
  expect(await scan).toContain(key)
  expect(await Promise.all(reads)).toEqual(names.map(() => '1'))
  cluster.destroy()
})

it('a scan waits for the new owner of a slot while replies of the old one are pending', async () => {
  const { cluster, pass, becomeBusyAt } = await start()
  const { reads } = becomeBusyAt(`GET ${key}`)
  const redirected = cluster.get(key)
  // A view has shown the new owner, too, and no other view is needed.
  await pass(400)
  const scan = keysOf(cluster)
  await pass(4_000)
  expect(await scan).toContain(key)
  expect(await Promise.all([redirected, ...reads])).toEqual(['1', ...names.map(() => '1')])
  cluster.destroy()
})

it.each([
  ['10.0.0.1', '06aa', { host: '10.0.0.2', port: 7_001 }],
  ['one.example', '06aa', { host: 'two.example', port: 7_001 }],
  ['10.0.0.1', '17bb', { host: '::1', port: 7_002 }],
  ['one.example', '17bb', undefined],
  ['10.0.0.1', '28cc', undefined],
])('if views contain %s for the node that describes %s, the address is %o', (announced, id, address) => {
  const text = `06aa 10.0.0.2:7001@17001,two.example master - 0 1 2 connected
5946 10.0.0.1:7000@17000,one.example,shard-id=1 myself,master - 0 0 0 connected 0-16383 [12706->-06aa]
17bb ::1:7002@17002,,shard-id=2 master - 0 1 3 connected
28cc :0@0 master,noaddr - 0 0 4 disconnected
`
  expect(addressIn(text, id, announced)).toEqual(address)
})
