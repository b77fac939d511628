import { findBinary, serverBinaries } from '../scripts/find-server.js'
import { slotOfKey } from '../src/commands/slots.js'
import { type ClusterSetup, startCluster } from '../test/support/cluster.js'
import { ClientLinks } from './proxy/client-links.js'
import { FaultProxy } from './proxy/proxy.js'
import { Monitor, type Ran } from './recording/monitor.js'

/** The program of the servers; undefined if none is installed. */
export const clusterProgram = (): string | undefined => serverBinaries.flatMap((name) => findBinary(name) ?? [])[0]

const masters = 3
const slotCount = 16_384

/** How long a replica may take to have what its master has, in milliseconds. */
const replicationMs = 5_000

/** Who is told what happens in a cluster. */
export interface ClusterWitness {
  watch(links: ClientLinks): void
  ran(ran: Ran): void
}

/**
 * A cluster of real servers: nodes 0 to 2 are its masters, nodes 3 to 5 their replicas. There is a proxy before each of them,
 * whose address it announces, so that clients use only these.
 */
export class LabCluster {
  /** The ports at which clients find the masters. */
  readonly seeds: readonly number[]
  readonly #setup: ClusterSetup
  readonly #proxies: readonly FaultProxy[]
  readonly #links = new ClientLinks()
  readonly #monitors: Monitor[] = []
  readonly #stopped = new Set<number>()
  /** How often a client had a command run, by the servers' own word. */
  readonly #runs = new Map<string, number>()

  private constructor(setup: ClusterSetup, proxies: readonly FaultProxy[]) {
    this.#setup = setup
    this.#proxies = proxies
    this.seeds = proxies.slice(0, masters).map(({ port }) => port)
  }

  /** @throws Error if no server is installed */
  static async start(witness: ClusterWitness): Promise<LabCluster> {
    const program = clusterProgram()
    if (program === undefined) throw new Error('no redis-server or valkey-server was found on the PATH')
    const setup = await startCluster(program)
    const proxies = await Promise.all(setup.servers.map(({ port }) => FaultProxy.start(port)))
    const cluster = new LabCluster(setup, proxies)
    try {
      await cluster.#announceProxies()
      await cluster.#watch(witness)
    } catch (error) {
      await cluster.stop()
      throw error
    }
    return cluster
  }

  /** A hash tag whose slot a master has. */
  tagOf(master: number): string {
    const owner = (tag: string): number => Math.floor(((slotOfKey(tag) + 1) * masters - 1) / slotCount)
    for (let tag = 0; ; tag += 1) if (owner(`{${tag}}`) === master) return `{${tag}}`
  }

  /** Holds what a node answers to clients, from now on. Its replica gets everything. */
  holdReplies(node: number): void {
    for (const link of this.#proxies[node]?.links ?? []) if (this.#links.has(link)) link.replies.stall()
  }

  /** Waits until the replica of a master has all that the master has. */
  async replicate(master: number): Promise<void> {
    const admin = this.#setup.admin(master)
    await admin.set(`${this.tagOf(master)}respite-lab-marker`, '1')
    await admin.call('WAIT', 1, replicationMs)
  }

  /** Ends a node as kill -9 does. What it has answered, and the proxy holds, is lost. */
  async kill(node: number): Promise<void> {
    this.#stopped.add(node)
    this.#proxies[node]?.refuse()
    await this.#setup.servers[node]?.kill('SIGKILL')
    this.#proxies[node]?.resetAll()
  }

  /** Waits until the replica of a master has taken over. */
  async promotion(master: number): Promise<void> {
    const replica = this.#setup.admin(master + masters)
    await this.#setup.until(async () => (await replica.call<string>('INFO', 'replication')).includes('role:master'))
  }

  /** Moves a slot, key by key. @param onStep called after each key */
  migrate(key: string, from: number, to: number, onStep: () => Promise<void>): Promise<void> {
    return this.#setup.migrate(slotOfKey(key), from, to, onStep)
  }

  /** Writes to a master without a proxy. */
  async set(master: number, key: string, value: string): Promise<void> {
    await this.#setup.admin(master).set(key, value)
  }

  /** What the cluster holds under a key, read without a proxy. */
  async read(key: string): Promise<readonly string[] | string | null> {
    const running = this.#setup.servers.map((_, node) => node).filter((node) => !this.#stopped.has(node))
    let refusal: unknown
    for (const node of running) {
      const admin = this.#setup.admin(node)
      try {
        const type = await admin.type(key)
        return type === 'list' ? await admin.lrange(key, 0, -1) : await admin.get(key)
      } catch (error) {
        // It is another node's.
        refusal = error
      }
    }
    throw refusal
  }

  /** Waits until a list has so many elements. */
  hasElements(key: string, count: number): Promise<void> {
    return this.#setup.until(async () => ((await this.read(key)) ?? '').length >= count)
  }

  /** How often a client had a command run, by MONITOR of all nodes. */
  runsOf(name: string, key: string): number {
    return this.#runs.get(`${name} ${key}`) ?? 0
  }

  async stop(): Promise<void> {
    for (const monitor of this.#monitors) monitor.stop()
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()))
    await this.#setup.stop()
  }

  async #announceProxies(): Promise<void> {
    const { admin, servers, until } = this.#setup
    const ports = new Set(this.#proxies.map(({ port }) => port))
    await Promise.all(
      this.#proxies.map(({ port }, node) => admin(node).call('CONFIG', 'SET', 'cluster-announce-port', port)),
    )
    for (const node of servers.keys()) {
      await until(async () => {
        const ranges = await admin(node).call<[number, number, ...[string, number][]][]>('CLUSTER', 'SLOTS')
        return ranges.every(([, , ...nodes]) => nodes.every(([, port]) => ports.has(port)))
      })
    }
    // A replica that hears of its master's new port connects again.
    for (let node = masters; node < servers.length; node += 1) {
      const master = `master_port:${this.#proxies[node - masters]?.port}`
      await until(async () => {
        const info = await admin(node).call<string>('INFO', 'replication')
        return info.includes(master) && info.includes('master_link_status:up')
      })
    }
  }

  async #watch(witness: ClusterWitness): Promise<void> {
    witness.watch(this.#links)
    for (const [node, proxy] of this.#proxies.entries()) this.#links.add(proxy, `node ${node + 1}`)
    const announced = new Set(this.#proxies.map(({ port }) => `127.0.0.1:${port}`))
    for (const { port } of this.#setup.servers) {
      const monitor = await Monitor.start(port, (ran) => {
        // What a replica repeats came from its master.
        if (ran.from !== undefined && announced.has(ran.from)) return
        const id = `${ran.name} ${ran.key}`
        this.#runs.set(id, (this.#runs.get(id) ?? 0) + 1)
        witness.ran(ran)
      })
      this.#monitors.push(monitor)
    }
  }
}
