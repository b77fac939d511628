import { expect, it } from 'vitest'
import type { ClusterOptions } from '../../src/cluster/cluster-options.js'
import { startServers } from './simulated-cluster.js'

/** The option `mapAddress` is code of the user, so it may fail. */

async function connectWith(mapAddress: NonNullable<ClusterOptions['mapAddress']>) {
  const { cluster, pass } = startServers(1, { mapAddress })
  const errors: Error[] = []
  cluster.on('error', (error) => errors.push(error))
  void cluster.connect()
  await pass(1_000)
  const { status } = cluster
  const addresses = cluster.nodes().map(({ host, port }) => `${host}:${port}`)
  cluster.destroy()
  return { status, errors, addresses }
}

it('if it throws, the announced address is used, and an error event says why', async () => {
  const failure = new TypeError('no such table')
  const { status, errors } = await connectWith(() => {
    throw failure
  })
  expect(status).toBe('ready')
  // One for each node.
  expect(errors).toMatchObject(Array(2).fill({ message: 'mapAddress: no such table', cause: failure }))
})

it('if it returns nothing, the announced address is used', async () => {
  expect(await connectWith(() => undefined)).toMatchObject({ status: 'ready', errors: [] })
})

it('of what it returns, only host and port are used', async () => {
  const { cluster, pass } = startServers(1, { mapAddress: (node) => ({ ...node, password: 'wrong', tls: true }) })
  void cluster.connect()
  await pass(1_000)
  expect(cluster.status).toBe('ready')
  expect(cluster.nodes().map((node) => Object.keys(node))).toEqual(
    Array(2).fill(['id', 'host', 'port', 'role', 'master', 'slots', 'status']),
  )
  cluster.destroy()
})

it.each([{}, { id: 'x' }, { host: undefined }, { host: null, port: undefined }])(
  'if it returns a part of an address, the rest is that of the announced one: %o',
  async (part) => {
    const announced = await connectWith((node) => node)
    expect(announced.addresses).toHaveLength(2)
    expect(await connectWith(() => part as never)).toEqual(announced)
  },
)

it('if it destroys the client, no connection is opened after that', async () => {
  const mapAddress = (node: { host: string; port: number }) => {
    cluster.destroy()
    return node
  }
  const { cluster, servers, pass } = startServers(3, { mapAddress }, {}, (all) => all.slice(0, 1))
  const outcome = cluster.connect().catch((reason: unknown) => reason)
  await pass(2_000)
  expect(await outcome).toMatchObject({ code: 'CLIENT_CLOSED' })
  expect(cluster.nodes().filter(({ status }) => status !== 'closed' && status !== 'idle')).toEqual([])
  expect(servers.servers.flatMap(({ wires }) => wires.filter(({ isOver }) => !isOver))).toEqual([])
})
