import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Client, type ClientOptionsOf, createClient, RespiteError } from '../../src/index.js'
import { haproxyProgram, startHaproxy, type TestHaproxy } from '../support/haproxy.js'
import { startServer, type TestServer } from '../support/server.js'

/** Milliseconds of silence after which HAProxy cuts a link. */
const idleMs = 500

/** How often each link is cut. */
const rounds = process.env.RESPITE_FULL === undefined ? 6 : 30

const nextStatus = (client: Client, wanted: string): Promise<void> =>
  new Promise((resolve) => {
    const listen = (status: string): void => {
      if (status !== wanted) return
      client.off('status', listen)
      resolve()
    }
    client.on('status', listen)
  })

/** Resolves when an attempt to connect has failed for this reason. */
const untilError = (client: Client, reason: RegExp): Promise<void> =>
  new Promise((resolve) => {
    const listen = (error: Error): void => {
      if (!reason.test(error.message)) return
      client.off('error', listen)
      resolve()
    }
    client.on('error', listen)
  })

/** Resolves when this many commands are in flight; they leave at the end of the tick. */
const untilSent = async (client: Client, count: number): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve))
  expect(client.inFlight().map(({ state }) => state)).toEqual(Array(count).fill('sent'))
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** How an unsafe command ended: answered, or rejected with this fate. */
const ending = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ran',
    (error: unknown) => {
      if (error instanceof RespiteError) return error.fate
      throw error
    },
  )

/** Commands of every class, sent together; each unsafe one is recognizable on the server. */
class Mixture {
  readonly name: string
  readonly endings = new Map<string, string>()
  readonly #client: Client

  constructor(name: string, client: Client) {
    this.name = name
    this.#client = client
  }

  /** Resolves when all have settled; rejects if a command that may be repeated is rejected. */
  async send(round: number): Promise<void> {
    const id = `${this.name}:${round}`
    const unsafe = [
      { key: `push:${id}`, promise: this.#client.rpush(`list:${this.name}`, id) },
      { key: `incr:${id}`, promise: this.#client.incr(`incr:${id}`) },
    ].map(async ({ key, promise }) => this.endings.set(key, await ending(promise)))
    await Promise.all([
      this.#client.set(`set:${this.name}`, round),
      this.#client.get(`set:${this.name}`).then((value) => expect(value).toBe(String(round))),
      this.#client.exists('absent').then((count) => expect(count).toBe(0)),
      ...unsafe,
    ])
  }

  /** Compares the reported fates with what the server did. */
  async expectTruth(server: Client): Promise<void> {
    const list = await server.lrange(`list:${this.name}`, 0, -1)
    for (const [key, end] of this.endings) {
      const runs = key.startsWith('push:')
        ? list.filter((id) => `push:${id}` === key).length
        : Number(await server.get(key))
      expect({ key, end, runs }).toEqual({ key, end, runs: end === 'unknown' ? expect.toBeOneOf([0, 1]) : 1 })
    }
  }

  /** The rejected commands. */
  get lost(): string[] {
    return [...this.endings].flatMap(([key, end]) => (end === 'ran' ? [] : [`${key} ${end}`]))
  }
}

describe.skipIf(haproxyProgram === undefined)('behind HAProxy (skipped if haproxy is not on the PATH)', () => {
  let server: TestServer
  let haproxy: TestHaproxy
  let direct: Client
  const open: Client[] = []

  function connect(options: ClientOptionsOf = {}): Client {
    const client = createClient(haproxy.url, options)
    open.push(client)
    return client
  }

  beforeEach(async () => {
    server = await startServer()
    haproxy = await startHaproxy(server.port, idleMs)
    direct = createClient(server.url)
  })
  afterEach(async () => {
    for (const client of open.splice(0)) client.destroy()
    direct.destroy()
    await haproxy.stop()
    await server.stop()
  })

  it(`${rounds} idle links cut: later commands run once; commands during the cut run once or get a true fate`, async () => {
    const after = connect()
    const sentAfter = new Mixture('after', after)
    // Before, at and after the time of the cut, a millisecond apart: it depends on the machine which commands meet it.
    const meeting = [-2, -1, 0, 1, 2, 3].map((offset) => {
      const client = connect()
      return { client, delay: idleMs + offset, mixture: new Mixture(`at${offset}`, client) }
    })
    const afterTheCut = async (): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        const cut = nextStatus(after, 'reconnecting')
        await sentAfter.send(round)
        await cut
      }
    }
    const aroundTheCut = async ({ mixture, delay }: (typeof meeting)[number]): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        await mixture.send(round)
        await pause(delay)
      }
    }
    await Promise.all([afterTheCut(), ...meeting.map(aroundTheCut)])

    expect(haproxy.idleCuts).toBeGreaterThanOrEqual(rounds)
    expect(after.stats().lost).toBe(rounds)
    expect(sentAfter.lost).toEqual([])
    for (const mixture of [sentAfter, ...meeting.map(({ mixture }) => mixture)]) {
      await mixture.expectTruth(direct)
      expect(mixture.endings.size).toBe(2 * rounds)
    }
  }, 24_000)

  it('PINGs more frequent than the timeout keep the link', async () => {
    const client = connect({ pingInterval: idleMs / 4 })
    await client.ping()
    await pause(3 * idleMs)
    expect(await client.incr('count')).toBe(1)
    expect(client.stats()).toMatchObject({ connections: 1, lost: 0 })
  })

  it('HAProxy killed with -9 and restarted: reads in flight are answered, writes get true fates, and commands called meanwhile run once', async () => {
    const client = connect()
    await client.set('key', 'value')
    await server.kill('SIGSTOP')
    const lost = nextStatus(client, 'reconnecting')
    const read = client.get('key')
    const write = client.set('key', 'value')
    const unsafe = client.incr('count').catch((error: unknown) => error)
    await untilSent(client, 3)
    await haproxy.kill()
    await lost
    const queued = client.rpush('list', 'once')
    expect(await unsafe).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown', attempts: 1, command: 'INCR' })
    await haproxy.restart()
    await server.kill('SIGCONT')
    expect(await Promise.all([read, write, queued])).toEqual(['value', 'OK', 1])
    expect(await direct.get('count')).toBeOneOf([null, '1'])
    expect(await direct.lrange('list', 0, -1)).toEqual(['once'])
  })

  it('the server killed with commands in flight: they get true fates, and the rest run when it is back', async () => {
    const client = connect()
    await client.ping()
    await server.kill('SIGSTOP')
    const lost = nextStatus(client, 'reconnecting')
    const read = client.exists('key')
    const unsafe = client.incr('count').catch((error: unknown) => error)
    await untilSent(client, 2)
    await server.kill('SIGKILL')
    await lost
    const queued = client.rpush('list', 'once')
    // HAProxy accepts the link, finds no server, and closes it during the handshake.
    await untilError(client, /closed the connection during the handshake|no connection/)
    expect(client.status).toBe('reconnecting')
    expect(await unsafe).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown', attempts: 1 })
    await server.restart()
    expect(await Promise.all([read, queued])).toEqual([0, 1])
    expect(await direct.lrange('list', 0, -1)).toEqual(['once'])
  })

  it('no server from the start: connect() and commands are rejected with fate not-executed within the deadline', async () => {
    await server.kill('SIGKILL')
    const client = connect({ connectDeadline: 300 })
    const command = client.incr('count').catch((error: unknown) => error)
    await expect(client.connect()).rejects.toMatchObject({ name: 'ConnectError', fate: 'not-executed' })
    expect(await command).toMatchObject({ name: 'ConnectError', fate: 'not-executed', attempts: 0 })
    expect(client.status).toBe('idle')
    await server.restart()
    expect(await client.incr('count')).toBe(1)
  })
})
