import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { drop, pass } from '../../lab/proxy/fault.js'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { startServer, type TestServer } from '../support/server.js'
import { folder, library, load, until } from './libraries.js'

const { FlowProducer, Queue, QueueEvents, Worker } = await library('bullmq/dist/cjs/index.js')
const { createClient } = await library('respite/dist/index.js')
const { connectionFor } = await load('bullmq-connection')

// biome-ignore lint/suspicious/noExplicitAny: the types of BullMQ are not installed here
type Any = any

let server: TestServer
/** Ends what a test has begun, in the opposite order. */
let ends: (() => Promise<unknown>)[]
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  ends = []
  const client = createClient(server.url)
  await client.flushall()
  await client.close()
})
afterEach(async () => {
  for (const end of ends.reverse()) await end()
})

/** Makes what BullMQ needs, on connections of respite. */
function bullmq(url = server.url, options = {}) {
  const connection = connectionFor(url, options)
  ends.push(() => connection.quit())
  const errors: Error[] = []
  const kept = (made: Any): Any => {
    made.on('error', (error: Error) => errors.push(error))
    ends.push(() => made.close())
    return made
  }
  return {
    connection,
    errors,
    queue: (name = 'jobs') => kept(new Queue(name, { connection })),
    worker: (perform: (job: Any) => Promise<unknown>, options = {}) =>
      kept(new Worker('jobs', perform, { connection, ...options })),
    flow: () => kept(new FlowProducer({ connection })),
    events: () => kept(new QueueEvents('jobs', { connection })),
  }
}

const counts = { active: 0, delayed: 0, failed: 0, prioritized: 0, waiting: 0, 'waiting-children': 0 }

describe('bullmq', () => {
  it('adds, delays, retries, adds in bulk, and tells the results', async () => {
    const { queue, worker, events, errors } = bullmq()
    const [jobs, results] = [queue(), events()]
    worker(async (job) => {
      if (job.name === 'fails twice' && job.attemptsMade < 2) throw new Error('not yet')
      return `${job.name}: ${job.data}`
    })
    await results.waitUntilReady()
    const finished = (job: Any): Promise<unknown> => job.waitUntilFinished(results, 5_000)

    expect(await finished(await jobs.add('plain', 1))).toBe('plain: 1')
    const delayed = await jobs.add('delayed', 2, { delay: 200 })
    expect(await delayed.getState()).toBe('delayed')
    expect(await finished(delayed)).toBe('delayed: 2')
    expect(Date.now() - delayed.timestamp).toBeGreaterThanOrEqual(200)
    const failing = await jobs.add('fails twice', 3, { attempts: 3, backoff: 10 })
    expect(await finished(failing)).toBe('fails twice: 3')
    const many = await jobs.addBulk([4, 5, 6].map((data) => ({ name: 'bulk', data })))
    expect(await Promise.all(many.map(finished))).toEqual(['bulk: 4', 'bulk: 5', 'bulk: 6'])
    expect(await jobs.getJobCounts()).toMatchObject({ ...counts, completed: 6 })
    expect((await jobs.getJob(failing.id)).attemptsMade).toBe(3)
    expect(await jobs.getWorkers()).toHaveLength(1)
    expect(errors).toEqual([])
  })

  it('runs the program of docs/libraries.md', async () => {
    const page = readFileSync(`${folder}../docs/libraries.md`, 'utf8')
    const [, program = ''] = /```mjs\n(?:import .*\n)*([\s\S]*?)```/.exec(page) ?? []
    const [log, process] = [vi.fn(), new EventEmitter()]
    let connection: Any
    const names = {
      Queue,
      Worker,
      connectionFor: () => {
        connection = connectionFor(server.url)
        return connection
      },
      console: { log },
      process,
    }
    await new Function(...Object.keys(names), `return (async () => {${program}})()`)(...Object.values(names))
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith({ text: 'hello' }))
    process.emit('SIGTERM')
    await vi.waitFor(() => expect(connection.status).toBe('end'))
  })

  it('runs a flow: the children, then their parent with what they returned', async () => {
    const { queue, worker, events, flow, errors } = bullmq()
    const [jobs, results] = [queue(), events()]
    worker(async (job) =>
      job.name === 'sum'
        ? Object.values<number>(await job.getChildrenValues()).reduce((sum, value) => sum + value, 0)
        : job.data.value,
    )
    await results.waitUntilReady()
    const child = (value: number) => ({ name: 'value', queueName: 'jobs', data: { value } })
    const { job } = await flow().add({ name: 'sum', queueName: 'jobs', children: [child(1), child(2), child(3)] })
    expect(await job.waitUntilFinished(results, 5_000)).toBe(6)
    expect(Object.values((await job.getDependencies()).processed).toSorted()).toEqual([1, 2, 3])
    expect(await jobs.getJobCounts()).toMatchObject({ ...counts, completed: 4 })
    expect(errors).toEqual([])
  })

  it('schedules, pauses, resumes, logs, and deletes a queue', async () => {
    const { queue, worker, errors } = bullmq()
    const jobs = queue()
    let runs = 0
    const working = worker(async (job) => {
      runs += 1
      await job.log(`run ${runs}`)
    })
    await jobs.upsertJobScheduler('often', { every: 20 }, { name: 'tick' })
    await until(() => runs >= 3)
    await jobs.removeJobScheduler('often')
    await working.pause()
    const held = await jobs.add('held', {})
    expect(await held.getState()).toBe('waiting')
    working.resume()
    await until(async () => (await held.getState()) === 'completed')
    expect((await jobs.getJobLogs(held.id)).logs).toHaveLength(1)
    await working.close()
    await jobs.obliterate()
    expect(await jobs.getJobCounts()).toMatchObject({ ...counts, completed: 0 })
    expect(errors).toEqual([])
  })

  it('closes a waiting worker at once, and finishes the job of a busy one', async () => {
    const { queue, worker, errors } = bullmq()
    const jobs = queue()
    const waiting = worker(async () => {})
    const client = createClient(server.url)
    ends.push(() => client.close())
    await until(async () => (await client.clientList()).includes('cmd=bzpopmin'))
    const begin = performance.now()
    await waiting.close()
    expect(performance.now() - begin).toBeLessThan(1_000)

    let finish: (() => void) | undefined
    const busy = worker(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve
        }),
    )
    const job = await jobs.add('long', {})
    await until(() => finish !== undefined)
    const closed = busy.close()
    finish?.()
    await closed
    expect(await job.getState()).toBe('completed')
    expect(errors).toEqual([])
  })

  it('waits for a server that is not there at the first connect, and says so', async () => {
    const proxy = await FaultProxy.start({ host: server.host, port: server.port })
    ends.push(() => proxy.stop())
    proxy.refuse()
    const { queue, worker, errors } = bullmq(proxy.url, { connectDeadline: 100 })
    const jobs = queue()
    const runs: string[] = []
    worker(async (job) => runs.push(job.name))
    const added = jobs.add('early', {})
    await until(() => errors.length > 0)
    expect(errors[0]).toMatchObject({ code: 'CONNECT_FAILED', message: expect.stringContaining('ECONNREFUSED') })
    await proxy.open()
    await added
    await until(() => runs.length > 0)
    expect(runs).toEqual(['early'])
  })

  it('rejects what did not run during an outage, and finishes the job of a worker afterwards', async () => {
    const proxy = await FaultProxy.start({ host: server.host, port: server.port })
    ends.push(() => proxy.stop())
    const { queue, worker } = bullmq(proxy.url, { queueTimeout: 50, reconnect: { baseDelay: 5, maxDelay: 20 } })
    const jobs = queue()
    let runs = 0
    const working = worker(
      async () => {
        runs += 1
        proxy.refuse()
        proxy.resetAll()
        const refused: Any = await jobs.add('refused', {}).catch((error: unknown) => error)
        expect(refused).toMatchObject({ message: 'Connection is closed.', cause: { fate: 'not-executed' } })
      },
      { runRetryDelay: 50 },
    )
    const completed = new Promise((resolve) => working.on('completed', resolve))
    const job = await jobs.add('long', {})
    await until(() => runs > 0)
    // The worker can't say that the job is completed, for longer than `queueTimeout`, and tries again.
    await until(async () => proxy.links.length === 0)
    await pause(200)
    await proxy.open()
    await completed
    expect(await job.getState()).toBe('completed')
    expect(runs).toBe(1)
    expect(await jobs.getJobCounts()).toMatchObject({ ...counts, completed: 1 })
  })

  it('wakes a worker whose marker was lost with its connection', async () => {
    const proxy = await FaultProxy.start({ host: server.host, port: server.port })
    ends.push(() => proxy.stop())
    const direct = bullmq().queue()
    const { worker } = bullmq(proxy.url)
    const waits: number[] = []
    worker(async (job) => waits.push(Date.now() - job.timestamp), { drainDelay: 20 })
    const client = createClient(server.url)
    ends.push(() => client.close())
    await until(async () => (await client.clientList()).includes('cmd=bzpopmin'))
    // The worker has nothing else to say: the next reply is that of BZPOPMIN.
    proxy.onReply = (_, link) => {
      proxy.onReply = () => pass
      link.reset()
      return drop
    }
    await direct.add('quick', {})
    await until(() => waits.length > 0)
    expect(waits[0]).toBeLessThan(2_000)
  })

  it('loses no job, runs none twice and leaves none while all connections are cut every 50 ms', async () => {
    const proxy = await FaultProxy.start({ host: server.host, port: server.port })
    ends.push(() => proxy.stop())
    const { queue, worker, errors } = bullmq(proxy.url, { reconnect: { baseDelay: 5, maxDelay: 20 } })
    const jobs = queue()
    const runs = new Map<string, number>()
    const working = worker(
      async (job) => {
        runs.set(job.name, (runs.get(job.name) ?? 0) + 1)
        if (job.data.failsFirst && job.attemptsMade === 0) throw new Error('not yet')
      },
      { concurrency: 4 },
    )
    await Promise.all([jobs.waitUntilReady(), working.waitUntilReady()])
    let cuts = 0
    const cutting = setInterval(() => {
      cuts += proxy.links.length
      proxy.resetAll()
    }, 50)
    ends.push(async () => clearInterval(cutting))
    const begin = performance.now()
    let added = 0
    const retried = (index: number): boolean => index % 5 === 0
    const produce = async () => {
      while (performance.now() - begin < 3_000) {
        const index = added++
        const delay = index % 7 === 0 ? 30 : 0
        await jobs.add(`${index}`, { failsFirst: retried(index) }, { attempts: 2, backoff: 10, delay })
        await pause(8)
      }
    }
    await Promise.all([produce(), produce(), produce(), produce()])
    clearInterval(cutting)
    const last = performance.now()
    await until(async () => (await jobs.getCompletedCount()) === added)
    // A worker that missed a job would look again after 5 s; a lock that nobody has lasts 30 s.
    expect(performance.now() - last).toBeLessThan(4_500)
    expect(cuts).toBeGreaterThan(50)
    const expected = Array.from({ length: added }, (_, index) => [`${index}`, retried(index) ? 2 : 1] as const)
    expect(runs).toEqual(new Map(expected))
    expect(await jobs.getJobCounts()).toMatchObject({ ...counts, completed: added })
    // What was told are the lost connections.
    expect(errors.filter(({ name }) => name !== 'ConnectionLostError' && name !== 'ConnectError')).toEqual([])
  })
})
