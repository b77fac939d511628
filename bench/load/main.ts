import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { readCommandLine, wholeNumber, withTitle } from '../../scripts/command-line.js'
import { messageOf } from '../../src/errors.js'
import { Channel } from '../channel.js'
import { estimate } from '../compare/interval.js'
import { compile } from '../compile.js'
import { startContenders } from '../contender.js'
import { besideServer, ownVersion, processors, separateCores, versionsOf } from '../machine.js'
import { median } from '../quantile.js'
import { measure } from '../rounds.js'
import { type Stage, takeStage } from '../stage.js'
import { localTarget, type Target } from '../target.js'
import { workloads } from '../workloads/all.js'
import type { Lateness, LoadCall, Watched } from './child.js'
import { KillableServer } from './killable-server.js'
import { type AtRate, keepsUp } from './open-loop.js'
import type { ProxyCall } from './proxy-child.js'
import { bucketMs, type Recovery, recoveryOf } from './recovery.js'
import { type LoadResults, renderLoad, titles } from './report.js'

/** `npm run bench:load`: what users feel of a client: latency at fixed rates, time limits, recovery, long paths. See `--help`. */

const help = `npm run bench:load [-- OPTIONS]: what users feel of a client, on a server that is started here; about 12 minutes

  --only TEXT    only the parts with TEXT in their title
  --rounds N     default 3, at least 2
  --time MS      length of one measurement; default 4000
  --out FOLDER   write load.md and load.json to FOLDER; without it, nothing is written
  --list         the titles, for --only
  --help         this text

Exits with 2 if an option is wrong or nothing can be measured.`

const clients = ['respite', 'ioredis', 'node-redis', 'valkey-glide']
const rates = [1_000, 5_000, 20_000, 50_000, 100_000, 200_000, 400_000]
const limit = 100
const delayedTitles = ['GET, bursts of 1,000 in one tick', 'GET, 64 concurrent loops', 'GET, one at a time']
const reconnects = 30

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
process.exitCode = await main(settings).catch((error: unknown) => {
  console.error(`bench:load: ${messageOf(error)}`)
  return 2
})

async function main({ out }: Settings): Promise<0> {
  const stage = await takeStage(undefined)
  try {
    const results = await measureAll(stage, settings)
    const report = renderLoad(results)
    console.log(report)
    if (out !== undefined) {
      mkdirSync(out, { recursive: true })
      writeFileSync(join(out, 'load.md'), report)
      writeFileSync(join(out, 'load.json'), `${JSON.stringify(results)}\n`)
    }
  } finally {
    await stage.leave()
  }
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
    rates: await part(titles.rates, () => measureRates(target, settings), []),
    lateness: await part(titles.limits, () => measureLateness(target, settings), []),
    recoveries: await part(titles.recovery, () => measureRecoveries(settings), []),
    fence: await part(titles.fence, () => measureFence(target, settings), undefined),
    delayed: await part(titles.delayed, () => measureDelayed(target, settings), undefined),
  }
}

async function startClient(name: string, target: Target, fence = ''): Promise<Process | undefined> {
  const script = await compile('load/child')
  const channel = new Channel<LoadCall>(name, { script, args: [name, JSON.stringify(target), fence] })
  return (await channel.answer()) === null ? undefined : channel
}

/** Does something with each client that is installed, in a process of its own. */
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

function measureRates(target: Target, { rounds, time }: Settings): Promise<LoadResults['rates']> {
  return withEach(target, async (channel, name) => {
    const ask = (rate: number, ms: number): Promise<AtRate> =>
      channel.ask({ kind: 'rate', rate, time: ms }) as Promise<AtRate>
    await ask(20_000, 1_000)
    const reached: AtRate[] = []
    for (const rate of rates) {
      const all: AtRate[] = []
      for (let round = 0; round < rounds; round += 1) all.push(await ask(rate, time))
      const of = (pick: (at: AtRate) => number): number => median(all.map(pick))
      const at = {
        asked: rate,
        answered: of(({ answered }) => answered),
        p50: of(({ p50 }) => p50),
        p99: of(({ p99 }) => p99),
        p999: of(({ p999 }) => p999),
        failed: all.reduce((sum, { failed }) => sum + failed, 0),
      }
      reached.push(at)
      if (!keepsUp(at)) break
    }
    return { name, reached }
  })
}

async function withProxy<T>(
  target: Target,
  use: (proxied: Target, proxy: Channel<ProxyCall>) => Promise<T>,
): Promise<T> {
  const script = await compile('load/proxy-child')
  const proxy = new Channel<ProxyCall>('the proxy', besideServer({ script, args: [String(target.port)] }))
  const { port } = (await proxy.answer()) as { port: number }
  try {
    return await use(localTarget(port), proxy)
  } finally {
    await proxy.end({ kind: 'close' })
  }
}

async function measureLateness(target: Target, { time }: Settings): Promise<LoadResults['lateness']> {
  const measured: { name: string; lateness: Lateness }[] = []
  for (const name of clients) {
    const found = await withProxy(target, async (held, proxy) => {
      const channel = await startClient(name, target)
      if (channel === undefined) return null
      let lateness: Lateness | null = null
      if (await channel.ask({ kind: 'limit', held, limit })) {
        await proxy.ask({ kind: 'delay', ms: null })
        lateness = (await channel.ask({ kind: 'time-outs', time })) as Lateness
      }
      await channel.end({ kind: 'close' })
      return lateness
    })
    if (found !== null) measured.push({ name, lateness: found })
  }
  return measured
}

async function measureRecoveries({ rounds, time }: Settings): Promise<LoadResults['recoveries']> {
  const free = await takeStage(undefined)
  const { port } = free.target
  await free.leave()
  const server = new KillableServer(port)
  await server.start()
  try {
    return await withEach(localTarget(port), async (channel, name) => {
      const all: Recovery[] = []
      for (let round = 0; round < rounds; round += 1) all.push(await recover(channel, server, time))
      const of = (pick: (recovery: Recovery) => number): number => median(all.map(pick))
      const fullRate = of((recovery) => recovery.fullRate ?? Infinity)
      return {
        name,
        recovery: {
          firstReply: of(({ firstReply }) => firstReply),
          fullRate: fullRate === Infinity ? undefined : fullRate,
          failed: of(({ failed }) => failed),
        },
      }
    })
  } finally {
    await server.stop()
  }
}

async function recover(channel: Process, server: KillableServer, time: number): Promise<Recovery> {
  separateCores({ pid: server.pid })
  await channel.ask({ kind: 'watch' })
  await sleep(time / 2)
  const killed = Date.now()
  await server.kill()
  await sleep(500)
  await server.start()
  separateCores({ pid: server.pid })
  const ready = Date.now()
  await sleep(Math.max(time, 1_000))
  const { begin, buckets, failed } = (await channel.ask({ kind: 'watched' })) as Watched
  const bucketOf = (at: number): number => Math.floor((at - begin) / bucketMs)
  return recoveryOf(buckets, bucketOf(killed), bucketOf(ready), failed)
}

async function measureFence(target: Target, { rounds }: Settings): Promise<LoadResults['fence']> {
  const sides = [
    { channel: await startClient('respite', target, 'try'), times: [] as number[] },
    { channel: await startClient('respite', target, 'off'), times: [] as number[] },
  ]
  for (let round = 0; round < 2 * rounds; round += 1) {
    // Only one has a connection at a time that is killed: the other one reconnects, too, and waits.
    for (const { channel, times } of round % 2 === 0 ? sides : sides.toReversed()) {
      times.push((await channel?.ask({ kind: 'reconnects', count: reconnects })) as number)
    }
  }
  for (const { channel } of sides) await channel?.end({ kind: 'close' })
  const [withFence = [], without = []] = sides.map(({ times }) => times)
  const ratio = estimate(withFence.map((each, round) => each / (without[round] ?? Number.NaN)))
  return { ratio, withFence: median(withFence), without: median(without) }
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
