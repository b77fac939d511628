import { findServer, noServerMessage } from '../../scripts/find-server.js'
import { type Client, createClient } from '../../src/index.js'
import { startServer } from '../support/server.js'
import { Crashes } from './crashes.js'
import { knownKey, knownKeys } from './world.js'

/** What clients under test may not do: end the server, empty it, or change it for everybody. */
const forbidden = [
  'flushall',
  'flushdb',
  'shutdown',
  'debug',
  'config|set',
  'config|rewrite',
  'config|resetstat',
  'acl',
  'replicaof',
  'slaveof',
  'failover',
  'swapdb',
  'save',
  'bgsave',
  'bgrewriteaof',
  'client|kill',
  'client|pause',
  'script|kill',
  'module',
  'psync',
  'sync',
  'cluster',
]
const user = 'fuzz'
const password = 'fuzz'

/** The server under a run, seen from beside the clients under test. */
export class Stage {
  /** As the clients under test are to connect: as a user who can't end the run. */
  readonly url: URL
  /** For looking at what is there, in the two databases that calls use. */
  readonly observers: readonly Client<Buffer>[]
  readonly crashes = new Crashes()
  /** What the round is at: to be told where one does not end. */
  at = ''
  /** What keeps the process alive without any client under test. */
  #resources: readonly string[] = []
  /** Connections that are not of clients under test. */
  readonly #foreign = new Set<string>()
  readonly #stop: () => Promise<void>

  private constructor(url: string, stop: () => Promise<void>) {
    this.url = new URL(url)
    this.observers = [0, 1].map((database) => createClient(url, { database, buffers: true }) as Client<Buffer>)
    this.url.username = user
    this.url.password = password
    this.#stop = stop
  }

  /** On a server of its own, started from a program, or on one that is named: its databases 0 and 1 are emptied. */
  static async open(url: string | undefined): Promise<Stage> {
    const source = url === undefined ? findServer() : { kind: 'url' as const, url }
    if (source === undefined || source.kind === 'containers') throw new Error(noServerMessage)
    const server = source.kind === 'binary' ? await startServer(source.path) : undefined
    const stage = new Stage(server?.url ?? (source as { url: string }).url, async () => server?.stop())
    const [observer] = stage.observers
    const rules = ['on', `>${password}`, '~*', '&*', '+@all', ...forbidden.map((name) => `-${name}`)]
    await observer?.call('ACL', 'SETUSER', user, 'reset', ...rules)
    stage.crashes.watch()
    return stage
  }

  /** Empties the server, and puts there what is known to be there. */
  async reset(keyPrefix: string): Promise<void> {
    await Promise.all(this.observers.map((observer) => observer.flushdb()))
    const [observer] = this.observers
    await Promise.all(knownKeys.map((value, index) => observer?.set(keyPrefix + knownKey(index), value)))
    this.#foreign.clear()
    for (const id of await this.#connectionIds()) this.#foreign.add(id)
    this.#resources = resources()
  }

  /** What is left of a client that has ended: after so many milliseconds at the latest. */
  async remains(limitMs: number): Promise<readonly string[]> {
    const until = performance.now() + limitMs
    for (;;) {
      const ids = (await this.#connectionIds()).filter((id) => !this.#foreign.has(id))
      const extra = surplus(resources(), this.#resources)
      if (ids.length === 0 && extra.length === 0) return []
      if (performance.now() > until) return [...ids.map((id) => `connection ${id} at the server`), ...extra]
      // Until what the server was sent before its connection ended has been run, and sockets are closed.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async close(): Promise<void> {
    await this.observers[0]?.call('ACL', 'DELUSER', user)
    for (const observer of this.observers) await observer.close()
    await this.#stop()
    this.crashes.stop()
  }

  async #connectionIds(): Promise<string[]> {
    const list = String(await this.observers[0]?.call('CLIENT', 'LIST'))
    return [...list.matchAll(/^id=(\d+)/gm)].map((match) => match[1] as string)
  }
}

const counted = ['Timeout', 'TCPSocketWrap', 'TCPServerWrap', 'PipeWrap']

const resources = (): string[] => process.getActiveResourcesInfo().filter((name) => counted.includes(name))

/** What is in the one list and not in the other. */
function surplus(now: readonly string[], before: readonly string[]): string[] {
  const left = [...before]
  return now.filter((name) => {
    const index = left.indexOf(name)
    if (index !== -1) left.splice(index, 1)
    return index === -1
  })
}
