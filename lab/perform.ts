import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { atEnd } from '../scripts/at-end.js'
import { type ClientOptions, createClient } from '../src/index.js'
import type { LabClient, MakeClient } from './clients/client.js'
import { LabCluster } from './lab-cluster.js'
import { pass } from './proxy/fault.js'
import { FaultProxy, type Target } from './proxy/proxy.js'
import { Monitor } from './recording/monitor.js'
import { Recorder } from './recording/recorder.js'
import type { Performance } from './recording/trace.js'
import type { Scenario, Stage } from './scenarios/scenario.js'
import { masterName, Succession } from './succession.js'
import { within } from './within.js'

/** How long a scenario waits for a command before it goes on without it, in milliseconds. */
const patienceMs = 2_500
/** The same in a cluster, whose servers need seconds for a failover. */
const clusterPatienceMs = 10_000
/** How long closing the client may take, in milliseconds. */
const closeMs = 1_000
/** How long it may take to clear up when the process is to end: its server may have ended, too. In milliseconds. */
const clearingMs = 2_000

/** The server: where it is, and how to connect to it. */
export type Server = Pick<ClientOptions, 'host' | 'port' | 'path' | 'tls' | 'username' | 'password' | 'database'>

/**
 * Runs one scenario with one client.
 *
 * @param name name of the client in the trace
 * @returns everything that was recorded
 */
export async function perform(
  scenario: Scenario,
  name: string,
  make: MakeClient,
  server: Server,
): Promise<Performance> {
  const recorder = new Recorder()
  const onException = (error: unknown): void => recorder.die(error)
  process.on('uncaughtException', onException)
  const { username, password, database } = server
  const prefix = `respite-lab:${randomUUID().slice(0, 8)}:`
  const keys = new Set<string>()
  const target = targetOf(server)
  const proxy = await FaultProxy.start(target)
  recorder.watch(proxy)
  // What a client names by itself, such as a receipt of `once`, begins with the key, too.
  const named = new RegExp(`${prefix}[^\\r\\n]+`, 'g')
  proxy.on('request', (_link, chunk) => {
    for (const [name] of chunk.toString('latin1').matchAll(named)) keys.add(name)
  })
  const witness = createClient(server)
  const end = new Signpost()
  const monitor = await Monitor.start(
    target,
    (ran) => {
      recorder.ran(ran)
      end.pass(ran.key)
    },
    { username, password },
  )
  const succession =
    scenario.isBehindSentinel === true ? await Succession.start(proxy.port, (ran) => recorder.ran(ran)) : undefined
  const cluster = scenario.isInCluster === true ? await LabCluster.start(recorder) : undefined
  const given = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && database !== 0 && { database }),
    ...(succession !== undefined && { masterName }),
    ...(cluster !== undefined && { seeds: cluster.seeds }),
  }
  const client = make(
    succession?.sentinel.port ?? cluster?.seeds[0] ?? proxy.port,
    { ...given, ...scenario.settings },
    { onStatus: (text) => recorder.status(text) },
  )
  const closed = new Set<LabClient>()
  const clear = async (): Promise<void> => {
    client.destroy()
    await succession?.stop()
    await cluster?.stop()
    await proxy.stop()
    monitor.stop()
    if (keys.size > 0) await witness.unlink([...keys])
    await witness.close()
  }
  const forget = atEnd(() => within(clearingMs, clear(), undefined))
  try {
    try {
      await scenario.play(stageOf(recorder, { proxy, witness, client, succession, cluster }, { prefix, keys }, closed))
    } catch (error) {
      // Such as a client that can't connect, or that lacks a method.
      recorder.find(`the scenario runs to its end (${error})`, false)
    }
    if (!closed.has(client)) recorder.find(...(await closing(client)))
    await end.reached((word) => witness.call('PING', word))
    await recorder.conclude()
    return recorder.performance(scenario.id, name)
  } finally {
    forget()
    await clear()
    process.off('uncaughtException', onException)
  }
}

/** For the proxy and the monitor, which don't read options of respite. */
export function targetOf({ host = '127.0.0.1', port = 6379, path, tls }: Server): Target {
  const encrypted = tls === undefined || tls === false ? {} : { tls: tls === true ? {} : tls }
  return path === undefined ? { host, port, ...encrypted } : { path, ...encrypted }
}

function stageOf(
  recorder: Recorder,
  cast: Pick<Stage, 'proxy' | 'witness' | 'client' | 'succession' | 'cluster'>,
  { prefix, keys }: { readonly prefix: string; readonly keys: Set<string> },
  closed: Set<LabClient>,
): Stage {
  const { proxy, client, cluster } = cast
  const patience = cluster === undefined ? patienceMs : clusterPatienceMs
  return {
    ...cast,
    key(name) {
      keys.add(prefix + name)
      return prefix + name
    },
    async call(name, key, run, expectation) {
      const said = await within(patience, recorder.call(name, key, run, expectation), undefined)
      if (said !== undefined) return said
      recorder.giveUp(name, key)
      return { settled: 'never' }
    },
    once(side, hook) {
      proxy[side] = recorder.noting(side, (chunk, link) => {
        proxy[side] = () => pass
        return hook(chunk, link)
      })
    },
    until(side, hook) {
      proxy[side] = recorder.noting(side, (chunk, link) => {
        const fault = hook(chunk, link)
        if (fault.do !== 'pass') proxy[side] = () => pass
        return fault
      })
    },
    always(side, hook) {
      proxy[side] = recorder.noting(side, hook)
    },
    async close() {
      closed.add(client)
      recorder.find(...(await closing(client)))
    },
    inflict(text, fault) {
      recorder.fault(text)
      fault()
    },
    find: (text, isGood) => recorder.find(text, isGood),
    pause: (delayMs) => sleep(delayMs),
  }
}

async function closing(client: LabClient): Promise<[text: string, isGood: boolean]> {
  const closed = client.close().then(
    () => 'closes gracefully',
    (error: unknown) => `cannot be closed: ${error instanceof Error ? error.message : String(error)}`,
  )
  const outcome = await within(closeMs, closed, `does not close within ${closeMs} ms`)
  return [outcome, outcome === 'closes gracefully']
}

/** A marker among the commands of the server: when MONITOR shows it, everything before it was seen. */
class Signpost {
  readonly #word = randomUUID()
  #onPassed: () => void = () => {}

  pass(word: string): void {
    if (word === this.#word) this.#onPassed()
  }

  async reached(send: (word: string) => Promise<unknown>): Promise<void> {
    const passed = new Promise<void>((resolve) => {
      this.#onPassed = resolve
    })
    await send(this.#word)
    await passed
  }
}
