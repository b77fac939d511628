import { freePort } from '../../scripts/free-port.js'
import { type Client, createClient } from '../../src/index.js'
import { startServer, type TestServer } from './server.js'
import { until } from './until.js'

/** Options of {@link startCluster}. */
export interface ClusterSetupOptions {
  /** Masters; default 3. */
  readonly masters?: number
  /** Replicas of each master; default 1. */
  readonly replicas?: number
  /** Further arguments of each server. */
  readonly args?: readonly string[]
  readonly password?: string
  /** A folder with `cert.pem` and `key.pem`: each server listens on an encrypted port, too, and names that to clients there. */
  readonly certificates?: string
}

/** A cluster that a test started and controls: first the masters, then their replicas. */
export interface ClusterSetup {
  readonly servers: readonly TestServer[]
  /** Addresses of the masters. */
  readonly seeds: readonly string[]
  /** The encrypted ports of the servers, with `certificates`. */
  readonly tlsPorts: readonly number[]
  /** A client of one server. */
  admin(index: number): Client
  /** The id of a server in the cluster. */
  idOf(index: number): Promise<string>
  /** Moves a slot, with its keys one by one, as tools do. */
  migrate(slot: number, from: number, to: number, onStep?: () => Promise<void>): Promise<void>
  /** Waits until every server that runs sees this. */
  until(isDone: () => Promise<boolean>): Promise<void>
  stop(): Promise<void>
}

/** What the servers of a cluster wait for another before they take it for lost. */
export const nodeTimeoutMs = 1_000

/** Starts a cluster on loopback. */
export async function startCluster(program: string, options: ClusterSetupOptions = {}): Promise<ClusterSetup> {
  const { masters = 3, replicas = 1, args = [], password, certificates } = options
  const count = masters * (1 + replicas)
  const auth = password === undefined ? [] : ['--requirepass', password, '--masterauth', password]
  const tlsPorts = certificates === undefined ? [] : await Promise.all(Array.from({ length: count }, freePort))
  const tlsOf = (index: number): string[] => {
    if (certificates === undefined) return []
    const [cert, key] = [`${certificates}/cert.pem`, `${certificates}/key.pem`]
    const files = [
      '--tls-cert-file',
      cert,
      '--tls-key-file',
      key,
      '--tls-ca-cert-file',
      cert,
      '--tls-auth-clients',
      'no',
    ]
    return ['--tls-port', String(tlsPorts[index]), '--tls-cluster', 'yes', ...files]
  }
  const servers = await Promise.all(
    Array.from({ length: count }, (_, index) => startNode(program, [...auth, ...tlsOf(index), ...args])),
  )
  const clients = new Map<number, Client>()
  const admin = (index: number): Client => {
    const known = clients.get(index)
    if (known !== undefined) return known
    const { port, host } = servers[index] as TestServer
    const client = createClient({ port, host, queueTimeout: 0, ...(password === undefined ? {} : { password }) })
    clients.set(index, client)
    return client
  }
  const stop = async (): Promise<void> => {
    for (const client of clients.values()) client.destroy()
    await Promise.all(servers.map((server) => server.stop()))
  }
  const idOf = (index: number): Promise<string> => admin(index).call('CLUSTER', 'MYID')
  try {
    await form(servers, masters, admin, idOf)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    servers,
    seeds: servers.slice(0, masters).map(({ url }) => url),
    tlsPorts,
    admin,
    idOf,
    until,
    stop,
    async migrate(slot, from, to, onStep = async () => {}) {
      const target = servers[to] as TestServer
      const port = tlsPorts[to] ?? target.port
      await admin(to).call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', await idOf(from))
      await admin(from).call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', await idOf(to))
      for (;;) {
        const keys = await admin(from).call<string[]>('CLUSTER', 'GETKEYSINSLOT', slot, 10)
        if (keys.length === 0) break
        for (const key of keys) {
          const withAuth = password === undefined ? [] : ['AUTH', password]
          await admin(from).call('MIGRATE', target.host, port, '', 0, 5_000, ...withAuth, 'KEYS', key)
          await onStep()
        }
      }
      const id = await idOf(to)
      for (const index of [to, from]) await admin(index).call('CLUSTER', 'SETSLOT', slot, 'NODE', id)
    },
  }
}

/** Tries again if a port was taken by somebody else meanwhile: a cluster needs many. */
async function startNode(program: string, args: readonly string[]): Promise<TestServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launchNode(program, args)
    } catch (error) {
      if (attempt === 3 || !String(error).includes('Address already in use')) throw error
    }
  }
}

async function launchNode(program: string, args: readonly string[]): Promise<TestServer> {
  const bus = await freePort()
  return startServer(program, [
    ...['--cluster-enabled', 'yes', '--cluster-node-timeout', String(nodeTimeoutMs), '--cluster-port', String(bus)],
    ...['--cluster-replica-validity-factor', '0', '--cluster-allow-replica-migration', 'no'],
    ...['--repl-diskless-sync', 'yes', '--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'],
    ...args,
  ])
}

async function form(
  servers: readonly TestServer[],
  masters: number,
  admin: (index: number) => Client,
  idOf: (index: number) => Promise<string>,
): Promise<void> {
  const [first] = servers as [TestServer]
  const bus = Number(((await admin(0).call('CONFIG', 'GET', 'cluster-port')) as Record<string, string>)['cluster-port'])
  const all = servers.map((_, index) => index)
  await Promise.all(
    all.slice(0, masters).map((index) => {
      const from = Math.floor((index * 16_384) / masters)
      const to = Math.floor(((index + 1) * 16_384) / masters) - 1
      return admin(index).call('CLUSTER', 'ADDSLOTSRANGE', from, to)
    }),
  )
  await Promise.all(all.map((index) => admin(index).call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)))
  await Promise.all(all.slice(1).map((index) => admin(index).call('CLUSTER', 'MEET', first.host, first.port, bus)))
  const knows = async (index: number): Promise<number> => {
    const nodes = await admin(index).call<string>('CLUSTER', 'NODES')
    return nodes.split('\n').filter((line) => line.includes('connected') && !line.includes('handshake')).length
  }
  for (const index of all) await until(async () => (await knows(index)) === servers.length)
  const ids = await Promise.all(all.map(idOf))
  await Promise.all(
    all.slice(masters).map((index) => admin(index).call('CLUSTER', 'REPLICATE', ids[index % masters] as string)),
  )
  const isWhole = async (index: number): Promise<boolean> => {
    const slots = await admin(index).call<unknown[][]>('CLUSTER', 'SLOTS')
    const info = await admin(index).call<string>('CLUSTER', 'INFO')
    const named = slots.reduce((sum, range) => sum + range.length - 2, 0)
    return info.includes('cluster_state:ok') && named === servers.length
  }
  for (const index of all) await until(() => isWhole(index))
  for (const index of all.slice(masters)) {
    await until(async () => (await admin(index).call<string>('INFO', 'replication')).includes('master_link_status:up'))
  }
}
