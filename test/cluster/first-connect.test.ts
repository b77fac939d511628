import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../src/cluster/cluster.js'
import type { SimulatedServer } from '../simulation/cluster/servers.js'
import { startServers } from './simulated-cluster.js'

/** The first connect ends at `connectDeadline`, whatever the seeds do. The next one tries again. */

const connectDeadline = 500

/** A client whose only seed accepts connections, and then is silent for so long. */
function startSilent(ms: number) {
  const all = startServers(1, { connectDeadline })
  const [seed] = all.servers.masters as [SimulatedServer]
  all.servers.stop(seed, ms)
  return { ...all, seed }
}

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'ready',
    ({ code }) => code,
  )

it('at the deadline, the status is idle, nothing is connected, and commands are rejected', async () => {
  const { cluster, seed, pass } = startSilent(60_000)
  const statuses: string[] = []
  cluster.on('status', (status) => statuses.push(status))
  const set = codeOf(cluster.set('k', 1))
  await pass(100)
  const connected = codeOf(cluster.connect())
  await pass(connectDeadline - 90)
  expect(await Promise.all([set, connected])).toEqual(['CONNECT_FAILED', 'CONNECT_FAILED'])
  expect(statuses).toEqual(['connecting', 'idle'])
  expect(cluster.nodes()).toEqual([])
  await pass(5_000)
  expect(cluster.nodes()).toEqual([])
  expect(statuses).toEqual(['connecting', 'idle'])
  expect(seed.wires.filter(({ isOver }) => !isOver)).toEqual([])
  cluster.destroy()
})

it('the next connect has the whole time, and what the first one has asked does not end it', async () => {
  const { cluster, seed, pass } = startSilent(700)
  const first = codeOf(cluster.connect())
  await pass(connectDeadline + 10)
  expect(await first).toBe('CONNECT_FAILED')
  const second = codeOf(cluster.connect())
  await pass(connectDeadline - 20)
  expect(await second).toBe('ready')
  expect(seed.wires.length).toBeGreaterThan(0)
  cluster.destroy()
})

describe.each([
  [
    'the only seed refuses the password',
    ({ model }: SimulatedServer) => (model.users as Map<string, string>).set('default', 'right'),
    { code: 'HANDSHAKE_FAILED' },
    1,
  ],
  [
    'the only seed is no cluster',
    (server: SimulatedServer) => Object.assign(server.model, { cluster: undefined }),
    { message: expect.stringContaining('cluster support disabled') },
    // A subscription tries again after pauses, until its deadline.
    8,
  ],
])('if %s', (_, prepare, error, most) => {
  it.each([
    ['subscribe', (cluster: Cluster) => cluster.subscribe('c').ready],
    ['psubscribe', (cluster: Cluster) => cluster.psubscribe('c').ready],
    ['ssubscribe', (cluster: Cluster) => cluster.ssubscribe('c').ready],
    ['scanIterator', (cluster: Cluster) => cluster.scanIterator().next()],
    ['session', (cluster: Cluster) => cluster.session('k', () => {})],
    ['blpop', (cluster: Cluster) => cluster.blpop('k', 0)],
  ])('%s rejects for this reason, and does not connect again and again', async (__, call) => {
    const { cluster, servers, pass } = startServers(1, { password: 'wrong', connectDeadline })
    const [seed] = servers.masters as [SimulatedServer]
    prepare(seed)
    const rejected = call(cluster).then(
      () => 'done',
      (reason: unknown) => reason,
    )
    await pass(2 * connectDeadline)
    expect(await Promise.race([rejected, 'waits'])).toMatchObject(error)
    expect(cluster.status).toBe('idle')
    expect(seed.wires.length).toBeLessThanOrEqual(most)
    cluster.destroy()
  })
})
