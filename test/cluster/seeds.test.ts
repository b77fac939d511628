import { expect, it } from 'vitest'
import { mutePort } from '../simulation/cluster/network.js'
import { startServers } from './simulated-cluster.js'

/** At the first connect, the client asks the seeds for a view: two at a time. */

/** At this port, connections are refused. */
const deadPort = 2

/**
 * Starts a cluster with one master, and the first connect to it.
 * @param before the ports of the seeds before the master
 * @param after the ports of those after it
 */
function connectTo({ before = [], after = [] }: { readonly before?: number[]; readonly after?: number[] }) {
  const notes: string[] = []
  const seedAt = (port: number, index: number) => ({ host: `10.0.0.${100 + index}`, port })
  const all = startServers(1, {}, { note: (text) => notes.push(text()) }, (masters) => [
    ...before.map(seedAt),
    ...masters,
    ...after.map(seedAt),
  ])
  void all.cluster.connect()
  return { ...all, notes }
}

it.each([
  ['two seeds refuse connections', [deadPort, deadPort]],
  ['one of two seeds is silent, and the other one refuses connections', [mutePort, deadPort]],
  ['one of two seeds refuses connections, and the other one is silent', [deadPort, mutePort]],
])('if %s, the next one is asked immediately', async (_, before) => {
  const { cluster, pass } = connectTo({ before })
  await pass(150)
  expect(cluster.status).toBe('ready')
  cluster.destroy()
})

it('if two seeds are silent, the next ones are asked after 0.2 s', async () => {
  const { cluster, pass } = connectTo({ before: [mutePort, mutePort] })
  await pass(200)
  expect(cluster.status).toBe('connecting')
  await pass(150)
  expect(cluster.status).toBe('ready')
  cluster.destroy()
})

it('once a seed has answered, no other one is asked', async () => {
  const { cluster, pass, notes } = connectTo({ after: [mutePort, deadPort] })
  await pass(1_000)
  expect(cluster.status).toBe('ready')
  expect(notes).not.toContainEqual(expect.stringContaining('ECONNREFUSED'))
  cluster.destroy()
})
