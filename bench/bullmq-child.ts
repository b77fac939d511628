// Run by bullmq.ts: bullmq-child.ts CLIENT PORT cuts|rate
// Prints what happens to jobs of BullMQ on one client, with or without cut connections.

import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { FaultProxy } from '../lab/proxy/proxy.js'
import { library, load } from '../test/examples/libraries.js'

const { Queue, Worker } = await library('bullmq/dist/cjs/index.js')

/** What happened to jobs that were added while all connections were cut every 50 ms. */
export interface Outcome {
  readonly cuts: number
  /** Calls of `add`, and those that were rejected. */
  readonly added: number
  readonly rejected: number
  /** Calls of `add` that resolved although their job did not run within 3 s after the last cut; those whose job ran more than once. */
  readonly never: number
  readonly repeatedly: number
  /** Jobs that the queue lists as active, but that no worker processes. */
  readonly stuck: number
  /** Errors of the worker other than lost connections. */
  readonly errors: number
}

/** How fast a queue processes jobs without faults. */
export interface Rate {
  /** Jobs per second, from the first `add` to the last completion. */
  readonly rate: number
  /** Microseconds of this process's processor time for one job. */
  readonly processor: number
}

/** How each client connects: all reconnect after a few milliseconds. */
export const clients: Readonly<Record<string, (url: string) => unknown>> = {
  respite: async (url) =>
    (await load('bullmq-connection')).connectionFor(url, { reconnect: { baseDelay: 5, maxDelay: 5 } }),
  ioredis: (url) => new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 5 }).on('error', () => {}),
  'node-redis': (url) => createClient({ url, socket: { reconnectStrategy: () => 5 } }).on('error', () => {}),
}

async function cut(connect: (url: string) => unknown, port: number): Promise<Outcome> {
  const proxy = await FaultProxy.start(port)
  const connection = await connect(proxy.url)
  const runs = new Map<string, number>()
  let errors = 0
  const jobs = new Queue('jobs', { connection }).on('error', () => {})
  const perform = async ({ name }: { name: string }): Promise<void> => {
    runs.set(name, (runs.get(name) ?? 0) + 1)
  }
  new Worker('jobs', perform, { connection, concurrency: 4 }).on('error', ({ message }: Error) => {
    if (/Missing lock|not in the active state|Missing key/.test(message)) errors += 1
  })
  let cuts = 0
  const cutting = setInterval(() => {
    cuts += proxy.links.length
    proxy.resetAll()
  }, 50)
  const accepted: string[] = []
  let added = 0
  const end = performance.now() + 3_000
  async function produce(): Promise<void> {
    while (performance.now() < end) {
      added += 1
      const name = `job-${added}`
      const job = jobs.add(name, {}).then(
        () => true,
        () => false,
      )
      if (await Promise.race([job, pause(2_000, false)])) accepted.push(name)
      await pause(8)
    }
  }
  await Promise.all([produce(), produce(), produce(), produce()])
  clearInterval(cutting)
  await pause(3_000)
  const { active } = await jobs.getJobCounts()
  return {
    ...{ cuts, added, errors },
    rejected: added - accepted.length,
    never: accepted.filter((name) => !runs.has(name)).length,
    repeatedly: [...runs.values()].filter((times) => times > 1).length,
    stuck: active,
  }
}

async function rate(connect: (url: string) => unknown, port: number): Promise<Rate> {
  const connection = await connect(`redis://127.0.0.1:${port}`)
  const jobs = new Queue('jobs', { connection })
  let done = 0
  const worker = new Worker('jobs', async () => {}, { connection, concurrency: 50 })
  await Promise.all([jobs.waitUntilReady(), worker.waitUntilReady()])
  const pass = async (count: number): Promise<void> => {
    const target = done + count
    const all = new Promise<void>((resolve) =>
      worker.on('completed', () => {
        done += 1
        if (done === target) resolve()
      }),
    )
    const add = async (share: number): Promise<void> => {
      for (let i = 0; i < share; i += 1) await jobs.add('job', { text: 'x'.repeat(100) })
    }
    await Promise.all(Array.from({ length: 20 }, () => add(count / 20)))
    await all
    worker.removeAllListeners('completed')
  }
  await pass(1_000)
  const cpu = process.cpuUsage()
  const begin = performance.now()
  const count = 6_000
  await pass(count)
  const seconds = (performance.now() - begin) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { rate: count / seconds, processor: (user + system) / count }
}

const [, , name, port, what] = process.argv
const connect = clients[name ?? '']
if (connect !== undefined) {
  console.log(JSON.stringify(await (what === 'cuts' ? cut : rate)(connect, Number(port))))
  process.exit()
}
