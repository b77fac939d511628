import { findServer, noServerMessage } from '../../scripts/find-server.js'
import { type Client, createClient, type RepliesOf } from '../../src/index.js'
import { startServer } from '../support/server.js'
import { Crashes } from './crashes.js'
import { knownKey, knownKeys } from './world.js'

/** Commands that clients under test may not run: they stop, empty or reconfigure the server. */
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

/** The server that the clients under test use, and connections of the test to inspect it. */
export class Stage {
  /** For the clients under test. Its user may not run the forbidden commands. */
  readonly url: URL
  /** They read what the two databases contain that calls use. */
  readonly observers: readonly Client<RepliesOf<{ buffers: true }>>[]
  readonly crashes = new Crashes()
  #steps: { readonly name: string; readonly since: number }[] = []
  /** The active resources of the process without a client under test. */
  #resources: readonly string[] = []
  /** Connections that do not belong to clients under test. */
  readonly #foreign = new Set<string>()
  readonly #stop: () => Promise<void>

  private constructor(url: string, stop: () => Promise<void>) {
    this.url = new URL(url)
    this.observers = [0, 1].map((database) => createClient(url, { database, buffers: true }))
    this.url.username = user
    this.url.password = password
    this.#stop = stop
  }

  /** Starts a server, or uses the one at `url`: its databases 0 and 1 are emptied. */
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

  /** Call at the beginning of each step of a round. */
  enter(name: string): void {
    this.#steps.push({ name, since: performance.now() })
  }

  /** Where the time of this round went, for the error message when a round does not end. */
  get steps(): string {
    const ends = [...this.#steps.slice(1).map(({ since }) => since), performance.now()]
    return this.#steps
      .map(({ name, since }, i) => `${name} (${(((ends[i] as number) - since) / 1_000).toFixed(1)} s)`)
      .join(', ')
  }

  /** Empties the server, then sets the known keys. */
  async reset(keyPrefix: string): Promise<void> {
    this.#steps = []
    this.enter('emptying the server')
    await Promise.all(this.observers.map((observer) => observer.flushdb()))
    const [observer] = this.observers
    await Promise.all(knownKeys.map((value, index) => observer?.set(keyPrefix + knownKey(index), value)))
    this.#foreign.clear()
    for (const id of await this.#connectionIds()) this.#foreign.add(id)
    this.#resources = resources()
  }

  /** Waits until nothing is left of a closed client. @returns what is left after this many milliseconds */
  async remains(limitMs: number): Promise<readonly string[]> {
    const until = performance.now() + limitMs
    for (;;) {
      const ids = (await this.#connectionIds()).filter((id) => !this.#foreign.has(id))
      const extra = surplus(resources(), this.#resources)
      if (ids.length === 0 && extra.length === 0) return []
      if (performance.now() > until) return [...ids.map((id) => `connection ${id} at the server`), ...extra]
      // The server may still be running commands of closed connections, and sockets close asynchronously.
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

/** What the first list contains in addition to the second. */
function surplus(now: readonly string[], before: readonly string[]): string[] {
  const left = [...before]
  return now.filter((name) => {
    const index = left.indexOf(name)
    if (index !== -1) left.splice(index, 1)
    return index === -1
  })
}
