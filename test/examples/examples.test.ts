import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { startServer, type TestServer } from '../support/server.js'
import { folder, library, load, until } from './libraries.js'

/** Runs the programs in `examples`, with the libraries that they are for, on a real server. */

const { createClient } = await library('respite/dist/index.js')

let server: TestServer
type Client = import('../../src/index.js').Client
let client: Client
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  client = createClient(server.url)
  await client.flushall()
})
afterEach(() => client.close())

it('compile, under strict rules', async () => {
  const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [compiler, '-p', folder])
  expect(stdout).toBe('')
})

describe('opentelemetry', () => {
  it('makes a span for each command, with attributes by the conventions, within the span of the caller', async () => {
    const { trace, context } = await library('@opentelemetry/api/build/src/index.js')
    const sdk = await library('@opentelemetry/sdk-trace-base/build/src/index-shim.js')
    const exporter = new sdk.InMemorySpanExporter()
    trace.setGlobalTracerProvider(
      new sdk.BasicTracerProvider({ spanProcessors: [new sdk.SimpleSpanProcessor(exporter)] }),
    )
    const { traceCommands } = await load('opentelemetry')
    const stop = traceCommands()
    await client.set('secret', 'secret')
    await client.lpush('secret', 'x').catch(() => {})
    await client.multi().incr('n').get('secret').exec()
    stop()
    await client.get('untraced')
    const spans = exporter.getFinishedSpans()
    expect(spans.map(({ name }: { name: string }) => name)).toEqual(['SET', 'LPUSH', 'MULTI'])
    const { hostname, port } = new URL(server.url)
    expect(spans[0].attributes).toMatchObject({
      'db.system.name': 'redis',
      'db.operation.name': 'SET',
      'db.namespace': '0',
      'server.address': hostname,
      'server.port': Number(port),
      'respite.fate': 'executed',
      'respite.attempts': 1,
    })
    expect(spans[1].attributes).toMatchObject({
      'db.response.status_code': 'WRONGTYPE',
      'error.type': 'REPLY_ERROR',
      'respite.fate': 'refused',
    })
    expect(spans[2].attributes).toMatchObject({ 'db.operation.batch.size': 2 })
    expect(JSON.stringify(spans.map(({ attributes }: { attributes: object }) => attributes))).not.toContain('secret')
    trace.disable()
    context.disable()
  })
})

describe('prometheus', () => {
  it('counts durations, failures with their fates, and what is pending', async () => {
    const { Registry } = await library('prom-client/index.js')
    const { measure } = await load('prometheus')
    const registry = new Registry()
    const stop = measure(client, registry)
    await client.set('k', 'v')
    await client.lpush('k', 'x').catch(() => {})
    // This client sends another command in its place, which is what takes the time.
    await client.with({ once: true }).incr('n')
    const waiting = client.blpop('list', 0).catch(() => {})
    await until(async () => (await client.clientList()).toString().includes('cmd=blpop'))
    const text = await registry.metrics()
    expect(text).toContain('redis_command_duration_seconds_count{command="SET"} 1')
    const taken = /^redis_command_duration_seconds_sum\{command="INCR"\} (.*)$/m.exec(text)?.[1]
    expect(Number(taken)).toBeGreaterThan(0)
    expect(text).toContain('redis_command_failures_total{command="LPUSH",code="REPLY_ERROR",fate="refused"} 1')
    expect(text).toContain('redis_commands_pending{state="sent"} 1')
    expect(text).toContain('redis_connections_lost 0')
    await client.rpush('list', 'x')
    await waiting
    stop()
  })
})

describe.each(['fastify', 'express'])('%s', (name) => {
  async function listen(own: Client): Promise<{ url: string; stop: () => Promise<void> }> {
    if (name === 'fastify') {
      const app = (await load('fastify-server')).createServer(own)
      return { url: await app.listen({ port: 0, host: '127.0.0.1' }), stop: () => app.close() }
    }
    const { createApp, stop } = await load('express-server')
    const http = createApp(own).listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    return { url: `http://127.0.0.1:${port}`, stop: () => stop(http, own) }
  }

  it('serves, and stops without losing what is being served', async () => {
    const own = createClient(server.url)
    const { url, stop } = await listen(own)
    await client.set('page:1', 'welcome')
    const response = await fetch(`${url}/pages/1`, { headers: { connection: 'close' } })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('welcome')
    await stop()
    expect(own.status).toBe('closed')
  })

  it('says what became of a request when the cache is away', async () => {
    const own = createClient({ host: '127.0.0.1', port: 1, connectDeadline: 100 })
    const { url, stop } = await listen(own)
    const response = await fetch(`${url}/pages/1`, { headers: { connection: 'close' } })
    expect(response.status).toBeGreaterThanOrEqual(500)
    await stop()
  })
})

describe('fastify', () => {
  it('takes a waiting command along when the peer hangs up, and loses no element and no other command', async () => {
    const own = createClient(server.url)
    const app = (await load('fastify-server')).createServer(own)
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const request = httpRequest(`${url}/next-event`).on('error', () => {})
    request.end()
    await until(async () => (await client.clientList()).toString().includes('cmd=blpop'))
    request.destroy()
    await until(() => own.inFlight().length === 0)
    await client.rpush('events', 'kept')
    expect(await client.lrange('events', 0, -1)).toEqual(['kept'])
    expect(own.stats().lost).toBe(0)
    await app.close()
  })
})

describe('cache-aside', () => {
  it('loads once, then reads from the cache', async () => {
    const { cached } = await load('cache-aside')
    let loads = 0
    const read = (): Promise<unknown> => cached(client, 'user:1', 60, async () => ({ loads: ++loads }))
    expect(await read()).toEqual({ loads: 1 })
    await until(async () => (await client.exists('user:1')) === 1)
    expect(await read()).toEqual({ loads: 1 })
    expect(await client.ttl('user:1')).toBeGreaterThan(50)
  })

  it('goes on without the cache, soon', async () => {
    const { cached } = await load('cache-aside')
    const away = createClient({ host: '127.0.0.1', port: 1 })
    const begin = performance.now()
    expect(await cached(away, 'user:1', 60, async () => 'loaded')).toBe('loaded')
    expect(performance.now() - begin).toBeLessThan(1_000)
    away.destroy()
  })
})

describe('lock', () => {
  it('has one owner at a time, and a token that grows', async () => {
    const { lock } = await load('lock')
    const first = await lock(client, 'report', 10_000)
    expect(first.fencingToken).toBe(1)
    expect(await lock(client, 'report', 10_000)).toBeUndefined()
    await first.release()
    const second = await lock(client, 'report', 10_000)
    expect(second.fencingToken).toBe(2)
    // What expired meanwhile and belongs to somebody else is not released.
    await first.release()
    expect(await lock(client, 'report', 10_000)).toBeUndefined()
  })
})

describe('job-worker', () => {
  it('performs every job once, puts back what a crashed worker left, and stops by its signal', async () => {
    const { work } = await load('job-worker')
    await client.lpush('jobs:w1', 'left by a crash')
    await client.lpush('jobs', ['1', '2', '3'])
    const done: string[] = []
    const stop = new AbortController()
    const own = createClient(server.url)
    const worker = work(own, { queue: 'jobs', worker: 'w1', signal: stop.signal }, async (job: string) => {
      done.push(job)
    })
    await until(() => done.length === 4)
    stop.abort()
    await worker
    expect(done.toSorted()).toEqual(['1', '2', '3', 'left by a crash'])
    expect(await client.llen('jobs')).toBe(0)
    expect(await client.llen('jobs:w1')).toBe(0)
    await own.close()
  })

  it('ends with the error of a command that would be refused each time', async () => {
    const { work } = await load('job-worker')
    await client.set('jobs', 'not a list')
    const running = work(client, { queue: 'jobs', worker: 'w1', signal: new AbortController().signal }, async () => {})
    await expect(running).rejects.toMatchObject({ prefix: 'WRONGTYPE', fate: 'refused' })
  })

  it('loses no job while its connections are cut', async () => {
    const { work } = await load('job-worker')
    const { hostname, port } = new URL(server.url)
    const proxy = await FaultProxy.start({ host: hostname, port: Number(port) })
    const own = createClient({ host: '127.0.0.1', port: proxy.port })
    const done = new Set<string>()
    const stop = new AbortController()
    const worker = work(own, { queue: 'jobs', worker: 'w1', signal: stop.signal }, async (job: string) => {
      done.add(job)
    })
    for (let i = 0; i < 40; i += 1) {
      await client.lpush('jobs', `${i}`)
      if (i % 4 === 0) {
        const lines = String(await client.call('CLIENT', 'LIST')).split('\n')
        const victims = lines.filter((line) => line.includes('cmd=blmove')).map((line) => /id=(\d+)/.exec(line)?.[1])
        for (const id of victims) await client.call('CLIENT', 'KILL', 'ID', id ?? '')
      }
      await pause(5)
    }
    await until(() => done.size === 40)
    stop.abort()
    await worker
    expect(await client.llen('jobs')).toBe(0)
    await own.close()
    await proxy.stop()
  })
})

describe('stream-worker', () => {
  const options = { stream: 'events', group: 'mails', consumer: 'one' }
  const add = (from: number, to: number): Promise<unknown> =>
    Promise.all(Array.from({ length: to - from }, (_, i) => client.xadd('events', '*', { number: `${from + i}` })))
  const pendingOf = async (): Promise<unknown> => (await client.xpending('events', 'mails'))[0]

  it('performs what was pending before, what another consumer has left, and what is new', async () => {
    const { consume } = await load('stream-worker')
    await client.xgroupCreate('events', 'mails', '0', 'MKSTREAM')
    await add(0, 3)
    for (const consumer of ['one', 'other']) {
      await client.xreadgroup('GROUP', 'mails', consumer, 'COUNT', 1, 'STREAMS', 'events', '>')
    }
    const done: string[] = []
    const stop = new AbortController()
    const running = consume(client, { ...options, signal: stop.signal, claimAfter: 1 }, async (fields: string[][]) => {
      done.push(String(fields[0]?.[1]))
    })
    await until(() => done.length === 3)
    await add(3, 5)
    await until(() => done.length === 5)
    stop.abort()
    await running
    expect(done.toSorted()).toEqual(['0', '1', '2', '3', '4'])
    expect(done[0]).toBe('0')
    expect(await pendingOf()).toBe(0)
  })

  it('loses no entry while its connections are cut', async () => {
    const { consume } = await load('stream-worker')
    const { hostname, port } = new URL(server.url)
    const proxy = await FaultProxy.start({ host: hostname, port: Number(port) })
    const own = createClient({ host: '127.0.0.1', port: proxy.port })
    const done = new Set<string>()
    const stop = new AbortController()
    const running = consume(own, { ...options, signal: stop.signal }, async (fields: string[][]) => {
      done.add(String(fields[0]?.[1]))
    })
    for (let i = 0; i < 40; i += 1) {
      await add(i, i + 1)
      if (i % 4 === 0) proxy.resetAll()
      await pause(5)
    }
    await until(() => done.size === 40)
    await until(async () => (await pendingOf()) === 0)
    stop.abort()
    await running
    await own.close()
    await proxy.stop()
  })

  it('ends with the error of a command that would be refused each time', async () => {
    const { consume } = await load('stream-worker')
    await client.set('events', 'not a stream')
    const running = consume(client, { ...options, signal: new AbortController().signal }, async () => {})
    await expect(running).rejects.toMatchObject({ prefix: 'WRONGTYPE', fate: 'refused' })
  })
})

describe('health', () => {
  it('says whether the server answers, and never throws', async () => {
    const { health } = await load('health')
    expect(await health(client)).toMatchObject({ isHealthy: true, status: 'ready' })
    const away = createClient({ host: '127.0.0.1', port: 1 })
    expect(await health(away, 100)).toMatchObject({ isHealthy: false, reason: expect.stringContaining('PING') })
    away.destroy()
  })
})

describe('serverless', () => {
  it('goes on after its connection ended while it was frozen', async () => {
    const { handler } = await load('serverless')
    await client.set('k', 'v')
    expect(await handler({ url: server.url, key: 'k' })).toBe('v')
    for (const line of String(await client.call('CLIENT', 'LIST')).split('\n')) {
      const id = /id=(\d+)/.exec(line)?.[1]
      if (id !== undefined && id !== String(await client.clientId())) await client.call('CLIENT', 'KILL', 'ID', id)
    }
    expect(await handler({ url: server.url, key: 'k' })).toBe('v')
  })
})
