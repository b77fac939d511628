import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { mustBeWritable, readCommandLine, wholeNumber, withTitle } from '../../scripts/command-line.js'
import { messageOf } from '../../src/errors.js'
import { masterName, startSentinels } from '../../test/support/sentinels.js'
import { anyProgram, startServer } from '../../test/support/server.js'
import { Channel } from '../channel.js'
import { type SentinelTarget, sentinelConnectors } from '../clients/sentinel.js'
import { compile } from '../compile.js'
import { startContenders } from '../contender.js'
import { onServerCore, ownVersion, processors, separateCores, versionsOf } from '../machine.js'
import { median } from '../quantile.js'
import { measure } from '../rounds.js'
import { onStage, type Stage } from '../stage.js'
import { localTarget, type Target } from '../target.js'
import { workloads } from '../workloads/all.js'
import type { LoadCall, Watched } from './child.js'
import { type AtRate, keepsUp } from './open-loop.js'
import { programOf } from './program.js'
import type { ProxyCall } from './proxy-child.js'
import { bucketMs, type Recovery, recoveryOf } from './recovery.js'
import { type LoadResults, renderLoad, titles } from './report.js'
import { type Lateness, medianLateness } from './time-outs.js'

/** `npm run bench:load`: latency at fixed rates, time limits, recovery, and a network delay. See `--help`. */

const help = `npm run bench:load [-- OPTIONS]: what users notice of a client, on servers that are started here; about 12 minutes

  --only TEXT    only the parts with TEXT in their title
  --rounds N     default 3, at least 2
  --time MS      length of one measurement; default 4000
  --out FOLDER   write load.md and load.json to FOLDER. Default: nothing is written
  --list         list the titles, for --only
  --help         show this text

What the fence adds to a reconnect: npm run bench:reconnect

Exits with 2 if an option is wrong or nothing can be measured.`

const clients = ['respite', 'ioredis', 'node-redis', 'valkey-glide']
const rates = [200, 1_000, 5_000, 20_000, 50_000, 100_000, 200_000, 400_000]
const limit = 100
const delayedTitles = ['GET, bursts of 1,000 in one tick', 'GET, 64 concurrent loops', 'GET, one at a time']
/** Milliseconds without a reply after which a sentinel considers the master down. */
const downAfter = 500

interface Settings {
  readonly only: string
  readonly rounds: number
  readonly time: number
  readonly out: string | undefined
}

type Process = Channel<LoadCall>

const settings = readCommandLine({ help, list: () => Object.values(titles) }, (args): Settings => {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '3' },
      time: { type: 'string', default: '4000' },
      out: { type: 'string' },
    },
  })
  withTitle(
    Object.values(titles).map((title) => ({ title })),
    values.only,
  )
  const { only, out } = values
  return { only, out, rounds: wholeNumber('rounds', values.rounds, 2), time: wholeNumber('time', values.time) }
})
/** What --out names: a folder with these. */
const files = ['load.md', 'load.json'] as const
if (settings.out !== undefined) await mustBeWritable(...files.map((name) => join(String(settings.out), name)))
process.exitCode = await main(settings).catch((error: unknown) => {
  console.error(`bench:load: ${messageOf(error)}`)
  return 2
})

async function main({ out }: Settings): Promise<0> {
  await onStage(undefined, async (stage) => {
    const results = await measureAll(stage, settings)
    const report = renderLoad(results)
    console.log(report)
    if (out !== undefined) {
      const save = (name: (typeof files)[number], text: string): void => writeFileSync(join(out, name), text)
      save('load.md', report)
      save('load.json', `${JSON.stringify(results)}\n`)
    }
  })
  return 0
}

async function measureAll(stage: Stage, settings: Settings): Promise<LoadResults> {
  const { target } = stage
  const cores = separateCores(stage)
  const part = async <T>(title: string, measurePart: () => Promise<T>, otherwise: T): Promise<T> => {
    if (!title.includes(settings.only)) return otherwise
    console.error(`${new Date().toISOString().slice(11, 19)} ${title}`)
    return measurePart()
  }
  return {
    environment: [
      `respite ${ownVersion()}, ${versionsOf(['ioredis', 'redis', '@valkey/valkey-glide']).join(', ')}`,
      `Node ${process.version}; ${stage.description}`,
      `${processors()}, ${cores}`,
    ],
    rounds: settings.rounds,
    limit,
    downAfter,
    rates: await part(titles.rates, () => measureRates(target, settings), []),
    lateness: await part(titles.limits, () => measureLateness(target, settings), []),
    recoveries: await part(titles.recovery, () => measureRecoveries(settings), []),
    failovers: await part(titles.failover, () => measureFailovers(settings), []),
    delayed: await part(titles.delayed, () => measureDelayed(target, settings), undefined),
  }
}

async function startClient(name: string, target: Target, sentinels?: SentinelTarget): Promise<Process | undefined> {
  const script = await compile('load/child')
  const channel = new Channel<LoadCall>(name, programOf(script, name, target, sentinels))
  return (await channel.answer()) === null ? undefined : channel
}

/** Calls `use` for one client after the other, each in a separate process. Clients that are not installed are left out. */
async function withEach<T>(target: Target, use: (channel: Process, name: string) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (const name of clients) {
    const channel = await startClient(name, target)
    if (channel === undefined) continue
    results.push(await use(channel, name))
    await channel.end({ kind: 'close' })
  }
  return results
}

/** At each rate, and in each round, the clients that still keep up take turns. */
async function measureRates(target: Target, { rounds, time }: Settings): Promise<LoadResults['rates']> {
  const entries: { name: string; channel: Process; reached: AtRate[] }[] = []
  for (const name of clients) {
    const channel = await startClient(name, target)
    if (channel !== undefined) entries.push({ name, channel, reached: [] })
  }
  const ask = (channel: Process, rate: number, ms: number): Promise<AtRate> =>
    channel.ask({ kind: 'rate', rate, time: ms }) as Promise<AtRate>
  for (const { channel } of entries) await ask(channel, 20_000, 1_000)
  let open = entries
  for (const rate of rates) {
    const measured = open.map((): AtRate[] => [])
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, { channel }] of open.entries()) measured[index]?.push(await ask(channel, rate, time))
    }
    for (const [index, { reached }] of open.entries()) reached.push(medianOf(measured[index] ?? []))
    open = open.filter(({ reached }) => reached.at(-1) !== undefined && keepsUp(reached.at(-1) as AtRate))
  }
  for (const { channel } of entries) await channel.end({ kind: 'close' })
  return entries.map(({ name, reached }) => ({ name, reached }))
}

/** The median of each figure; failures are added. */
function medianOf(all: readonly AtRate[]): AtRate {
  const of = (pick: (at: AtRate) => number): number => median(all.map(pick))
  return {
    asked: of(({ asked }) => asked),
    answered: of(({ answered }) => answered),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    p999: of(({ p999 }) => p999),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
  }
}

async function withProxy<T>(
  target: Target,
  use: (proxied: Target, proxy: Channel<ProxyCall>) => Promise<T>,
): Promise<T> {
  const script = await compile('load/proxy-child')
  const proxy = new Channel<ProxyCall>('the proxy', onServerCore({ script, args: [String(target.port)] }))
  const { port } = (await proxy.answer()) as { port: number }
  try {
    return await use(localTarget(port), proxy)
  } finally {
    await proxy.end({ kind: 'close' })
  }
}

/** In each round, one client after the other, in new processes. */
async function measureLateness(target: Target, { rounds, time }: Settings): Promise<LoadResults['lateness']> {
  const measured = new Map<string, Lateness[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const name of clients) {
      const lateness = await withProxy(target, (held, proxy) => latenessOf(name, target, held, proxy, time))
      if (lateness !== undefined) measured.set(name, [...(measured.get(name) ?? []), lateness])
    }
  }
  return [...measured].map(([name, all]) => ({ name, lateness: medianLateness(all) }))
}

/** @returns undefined if the client is not installed, or has no time limits */
async function latenessOf(
  name: string,
  target: Target,
  held: Target,
  proxy: Channel<ProxyCall>,
  time: number,
): Promise<Lateness | undefined> {
  const channel = await startClient(name, target)
  if (channel === undefined) return undefined
  try {
    if (!(await channel.ask({ kind: 'limit', held, limit }))) return undefined
    await proxy.ask({ kind: 'delay', ms: null })
    return (await channel.ask({ kind: 'time-outs', time })) as Lateness
  } finally {
    await channel.end({ kind: 'close' })
  }
}

async function measureRecoveries({ rounds, time }: Settings): Promise<LoadResults['recoveries']> {
  const server = await startServer()
  separateCores({ pid: server.pid() })
  /** Ends it as a crash would, and starts it again. */
  const crash = async (): Promise<void> => {
    await server.kill('SIGKILL')
    await sleep(500)
    await server.restart()
    separateCores({ pid: server.pid() })
  }
  try {
    return await withEach(localTarget(server.port), async (channel, name) => {
      const all: Recovery[] = []
      // More rounds than elsewhere: the time depends on the moment at which a client happens to try again.
      for (let round = 0; round < 2 * rounds; round += 1) all.push(await recover(channel, 'get', crash, time))
      return { name, all }
    })
  } finally {
    await server.stop()
  }
}

/** Servers are started for each client, because a master that was killed stays down. */
async function measureFailovers({ rounds, time }: Settings): Promise<LoadResults['failovers']> {
  const measured: { name: string; all: readonly Recovery[] }[] = []
  for (const name of Object.keys(sentinelConnectors)) {
    const setup = await startSentinels(anyProgram(), { replicas: rounds, downAfter })
    for (const server of setup.servers) separateCores({ pid: server.pid() })
    let port = await setup.masterPort()
    const failOver = async (): Promise<void> => {
      await setup.server(port).kill('SIGKILL')
      port = await setup.nextMaster(port)
    }
    try {
      const sentinels = { name: masterName, sentinels: setup.sentinels.map(({ host, port }) => ({ host, port })) }
      const channel = await startClient(name, localTarget(port), sentinels)
      if (channel === undefined) continue
      const all: Recovery[] = []
      for (let round = 0; round < rounds; round += 1) all.push(await recover(channel, 'set', failOver, time))
      await channel.end({ kind: 'close' })
      measured.push({ name, all })
    } finally {
      await setup.stop()
    }
  }
  return measured
}

/** 64 loops run before, during and after a failure. @param fail resolves when the client could be served again */
async function recover(
  channel: Process,
  command: 'get' | 'set',
  fail: () => Promise<void>,
  time: number,
): Promise<Recovery> {
  await channel.ask({ kind: 'watch', command })
  await sleep(time / 2)
  const failed = Date.now()
  await fail()
  const ready = Date.now()
  await sleep(Math.max(time, 2_000))
  const { begin, buckets, failed: commands } = (await channel.ask({ kind: 'watched' })) as Watched
  const bucketOf = (at: number): number => Math.floor((at - begin) / bucketMs)
  return recoveryOf(buckets, bucketOf(failed), bucketOf(ready), commands)
}

function measureDelayed(target: Target, { rounds, time }: Settings): Promise<LoadResults['delayed']> {
  return withProxy(target, async (proxied, proxy) => {
    await proxy.ask({ kind: 'delay', ms: 1 })
    const plan = {
      workloads: workloads.filter(({ title }) => delayedTitles.includes(title)),
      start: async () =>
        (
          await startContenders(
            clients.map((name) => ({ name })),
            proxied,
          )
        ).contenders,
    }
    const pace = { rounds: 2 * rounds, time: Math.max(50, time / 16), mostRounds: 2 * rounds, precision: 0.05 }
    const measured = await measure(plan, pace)
    const oneAtATime = measured.find(({ title }) => title === 'GET, one at a time')
    const rate = median(oneAtATime?.figures.respite?.rates ?? [])
    return { measured, roundTrip: 1_000 / rate }
  })
}
