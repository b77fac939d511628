import { connect as connectSocket, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { freePort } from '../../scripts/free-port.js'
import { createClient } from '../../src/index.js'
import { startServer, type TestServer } from '../support/server.js'

/**
 * The incidents that started this project. Each is also run with a naive client, which shows what happened then, and
 * that the scenario can fail.
 */

let server: TestServer
let proxy: FaultProxy
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  proxy = await FaultProxy.start(server.port)
})
afterEach(() => proxy.stop())

/** A naive client: one socket, replies in order; an abort or an error ends the socket. */
class NaiveClient {
  readonly #socket: Socket
  readonly #waiting: { resolve: (reply: string) => void; reject: (error: Error) => void }[] = []

  constructor(port: number) {
    this.#socket = connectSocket(port, '127.0.0.1')
    this.#socket.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\r\n')) if (line.startsWith('+')) this.#waiting.shift()?.resolve(line)
    })
    const fail = (error: Error): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(error)
    }
    this.#socket.on('error', fail)
    this.#socket.on('close', () => fail(new Error('closed')))
  }

  ping(signal?: AbortSignal): Promise<string> {
    signal?.addEventListener('abort', () => this.#socket.destroy())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#socket.write('PING\r\n')
    })
  }

  /** Sends a command without waiting for its reply. */
  send(line: string): void {
    this.#socket.write(`${line}\r\n`)
  }

  close(): void {
    this.#socket.destroy()
  }
}

const outcomes = async (promises: Promise<unknown>[]): Promise<{ answered: number; rejected: number }> => {
  const settled = await Promise.allSettled(promises)
  const answered = settled.filter(({ status }) => status === 'fulfilled').length
  return { answered, rejected: settled.length - answered }
}

describe('incident A: a cancelled request collides with a lost connection', () => {
  it('the naive client fails all other commands with the cancelled one', async () => {
    const client = new NaiveClient(proxy.port)
    await client.ping()
    const controller = new AbortController()
    const left = client.ping(controller.signal)
    const others = Array.from({ length: 50 }, () => client.ping())
    controller.abort()
    expect(await outcomes([left, ...others])).toEqual({ answered: 0, rejected: 51 })
  })

  it('respite: every command settles once, the others are answered, and nothing is left behind', async () => {
    const client = createClient(proxy.url)
    await client.connect()
    let settled = 0
    const note = (): unknown => (settled += 1)
    const controller = new AbortController()
    const view = client.with({ signal: controller.signal })
    const left = Array.from({ length: 50 }, () => view.ping())
    const others = Array.from({ length: 50 }, () => client.ping())
    for (const promise of [...left, ...others]) promise.then(note, note)
    await new Promise((resolve) => setImmediate(resolve))
    proxy.resetAll()
    controller.abort()
    expect(await outcomes(left)).toMatchObject({ rejected: 50 })
    expect(await outcomes(others)).toEqual({ answered: 50, rejected: 0 })
    expect(settled).toBe(100)
    expect(await client.ping()).toBe('PONG')
    expect(client.inFlight()).toEqual([])
    await client.close()
    expect(client.status).toBe('closed')
  })
})

describe('incident B: a broken pipe on an idle link drops the command that found out', () => {
  it('the naive client loses the command, with an error that does not say whether it ran', async () => {
    const client = new NaiveClient(proxy.port)
    await client.ping()
    proxy.onRequest = () => ({ do: 'cut', after: 0, how: 'reset' })
    const error = await client.ping().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toHaveProperty('fate')
    client.close()
  })

  it('respite: reads and idempotent writes succeed, and the others are rejected with a true fate', async () => {
    const client = createClient(proxy.url)
    await client.connect()
    let cuts = 0
    proxy.onRequest = () => {
      cuts += 1
      return cuts === 1 ? { do: 'cut', after: 0, how: 'reset' } : { do: 'pass' }
    }
    const results = await Promise.allSettled([client.get('absent'), client.set('key', 'v'), client.incr('count')])
    expect(results).toMatchObject([
      { status: 'fulfilled', value: null },
      { status: 'fulfilled', value: 'OK' },
      { status: 'rejected', reason: { name: 'ConnectionLostError', fate: 'unknown', attempts: 1 } },
    ])
    await client.close()
  })
})

describe('incident E: the first connect fails, and an endless loop of reconnecting begins', () => {
  it('the naive loop continues to connect after its caller has given up', async () => {
    const port = await freePort()
    let dials = 0
    let isStopped = false
    const stopped = new Promise<void>((resolve) => {
      const dial = (): void => {
        dials += 1
        if (dials > 20) isStopped = true
        connectSocket(port, '127.0.0.1').on('error', () => (isStopped ? resolve() : setImmediate(dial)))
      }
      dial()
    })
    // Only the limit of the test ends it.
    await stopped
    expect(dials).toBe(21)
  })

  it('respite: it rejects with the reason within its limit, stops connecting, and works when the server is up', async () => {
    proxy.refuse()
    const client = createClient(proxy.url, { connectDeadline: 200 })
    const statuses: string[] = []
    client.on('status', (status) => statuses.push(status))
    await expect(client.connect()).rejects.toMatchObject({ name: 'ConnectError', fate: 'not-executed' })
    expect(statuses).toEqual(['connecting', 'idle'])
    await proxy.open()
    let links = 0
    proxy.on('link', () => (links += 1))
    await new Promise((resolve) => setImmediate(resolve))
    expect(links).toBe(0)
    expect(await client.ping()).toBe('PONG')
    expect(statuses).toEqual(['connecting', 'idle', 'connecting', 'ready'])
    await client.close()
  })
})

describe('incident C: the connection of a subscriber is lost, and nobody listens for errors', () => {
  it('the naive subscriber ends its process: an error without a listener is thrown', async () => {
    const subscriber = connectSocket(proxy.port, '127.0.0.1')
    await new Promise<void>((resolve) => {
      subscriber.once('data', () => resolve())
      subscriber.write('SUBSCRIBE jobs\r\n')
    })
    const died = new Promise<unknown>((resolve) => {
      const listeners = process.listeners('uncaughtException')
      process.removeAllListeners('uncaughtException')
      process.once('uncaughtException', (error) => {
        for (const listener of listeners) process.on('uncaughtException', listener)
        resolve(error)
      })
    })
    proxy.resetAll()
    expect(await died).toMatchObject({ code: 'ECONNRESET' })
  })

  it('respite: continues, subscribes again, and reports the gap', async () => {
    await using client = createClient(proxy.url)
    await using publisher = createClient(server.url)
    const subscription = client.subscribe('jobs')
    await subscription.ready
    await publisher.publish('jobs', 'before')
    const messages = subscription[Symbol.asyncIterator]()
    expect((await messages.next()).value).toEqual({ channel: 'jobs', message: 'before' })
    for (let i = 0; i < 10; i += 1) {
      proxy.resetAll()
      // This message may be lost: it is in the gap.
      await publisher.publish('jobs', 'into the gap')
      while ((await publisher.publish('jobs', `after ${i}`)) === 0)
        await new Promise((resolve) => setImmediate(resolve))
      for (;;) {
        const { value } = await messages.next()
        if (value.gap !== undefined) expect(value.gap.until.getTime()).toBeGreaterThanOrEqual(value.gap.from.getTime())
        if (value.message === `after ${i}`) break
      }
    }
    expect(subscription.gaps).toBeGreaterThanOrEqual(9)
  })
})

describe('incident D: a blocking read on a connection that others share', () => {
  it('the naive client makes all commands wait, and can end the wait only by closing the connection', async () => {
    const client = new NaiveClient(proxy.port)
    await client.ping()
    const begin = performance.now()
    client.send('BLPOP nothing 1')
    await client.ping()
    expect(performance.now() - begin).toBeGreaterThan(900)
    client.close()
  })

  it('respite: no other command waits, and the wait can be ended at any time, also by close()', async () => {
    await using observer = createClient(server.url)
    const client = createClient(proxy.url)
    await client.connect()
    const times = async (): Promise<number[]> => {
      const taken: number[] = []
      for (let i = 0; i < 200; i += 1) {
        const begin = performance.now()
        await client.get('beside')
        taken.push(performance.now() - begin)
      }
      return taken.sort((a, b) => a - b)
    }
    const waits = async (count: number): Promise<void> => {
      while (!(await observer.info('clients')).includes(`blocked_clients:${count}\r\n`)) {
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const alone = (await times())[100] as number
    const controller = new AbortController()
    const read = client.with({ signal: controller.signal }).xread('BLOCK', 0, 'STREAMS', 'events', '$')
    const pop = client.blpop('queue', 5).catch((error: unknown) => error)
    read.catch(() => {})
    await waits(2)
    const beside = (await times())[100] as number
    expect(beside).toBeLessThan(alone * 3 + 1)
    controller.abort()
    await expect(read).rejects.toMatchObject({ name: 'AbortError', fate: 'not-executed' })
    await waits(1)
    await client.close()
    expect(await pop).toMatchObject({ name: 'ClientClosedError', fate: 'not-executed' })
    await waits(0)
  })
})
