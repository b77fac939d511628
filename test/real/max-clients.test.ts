import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { type Client, type ClientOptionsOf, createClient } from '../../src/index.js'
import { nameOf, sampleOfPrograms, startServer, type TestServer } from '../support/server.js'

const open: Client[] = []
afterEach(() => {
  for (const client of open.splice(0)) client.destroy()
})

function connect(url: string, options: ClientOptionsOf = {}): Client {
  const client = createClient(url, options)
  open.push(client)
  return client
}

/** Resolves with the reasons of the next failed attempts to connect, in order. */
const failures = (client: Client, count: number): Promise<string[]> =>
  new Promise((resolve) => {
    const reasons: string[] = []
    const listen = (error: Error): void => {
      reasons.push(error.message)
      if (reasons.length < count) return
      client.off('error', listen)
      resolve(reasons)
    }
    client.on('error', listen)
  })

describe.each(sampleOfPrograms().map((program) => ({ name: nameOf(program), program })))(
  '$name at maxclients',
  ({ program }) => {
    const isFull = /max number of clients reached/
    let server: TestServer
    /** The first client of the server; it sets maxclients. */
    let admin: Client

    beforeEach(async () => {
      server = await startServer(program)
      admin = connect(server.url)
      await admin.configSet('maxclients', 1)
    })
    afterEach(() => server.stop())

    it('is retried with growing delays until it has room; then every waiting command runs once', async () => {
      const client = connect(server.url)
      const refused = failures(client, 4)
      const connected = client.connect()
      const queued = client.incr('count')
      expect(await refused).toEqual(Array(4).fill(expect.stringMatching(isFull)))
      expect(client.status).toBe('connecting')
      await admin.configSet('maxclients', 2)
      await connected
      expect(await queued).toBe(1)
      expect(client.stats()).toMatchObject({ connections: 1, sent: 1 })
    })

    it('until the deadline: connect() and commands are rejected with the reason, and the client stays usable', async () => {
      const client = connect(server.url, { connectDeadline: 1_000 })
      let attempts = 0
      client.on('error', () => {
        attempts += 1
      })
      const started = performance.now()
      const command = client.incr('count').catch((error: unknown) => error)
      const told = { name: 'ConnectError', fate: 'not-executed', message: expect.stringMatching(isFull) }
      await expect(client.connect()).rejects.toMatchObject(told)
      expect(performance.now() - started).toBeLessThan(1_100)
      expect(await command).toMatchObject({ ...told, command: 'INCR', attempts: 0 })
      expect(client.status).toBe('idle')
      // Without delays in between, there would be thousands.
      expect(attempts).toBeLessThan(50)
      await admin.configSet('maxclients', 2)
      expect(await client.incr('count')).toBe(1)
    })

    it('disconnects a client: it reconnects when there is room, and its commands get true fates', async () => {
      await admin.configSet('maxclients', 2)
      const client = connect(server.url)
      const id = await client.call('CLIENT', 'ID')
      await admin.configSet('maxclients', 1)
      const refused = failures(client, 3)
      await admin.call('CLIENT', 'KILL', 'ID', String(id))
      const read = client.exists('key')
      const unsafe = client.incr('count').catch((error: unknown) => error)
      const reasons = await refused
      expect(reasons.slice(1)).toEqual(Array(2).fill(expect.stringMatching(isFull)))
      expect(client.status).toBe('reconnecting')
      const later = client.rpush('list', 'once')
      await admin.configSet('maxclients', 2)
      expect(await read).toBe(0)
      expect(await later).toBe(1)
      // It was called before or after the client noticed the loss: the fate is true in both cases.
      const told = await unsafe
      if (told !== 1) expect(told).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown' })
      expect(await admin.get('count')).toBe(told === 1 ? '1' : null)
    })
  },
)

describe('a server that closes the connection during the handshake', () => {
  let server: TestServer
  let proxy: FaultProxy
  beforeEach(async () => {
    server = await startServer()
    proxy = await FaultProxy.start(server.port)
  })
  afterEach(async () => {
    await proxy.stop()
    await server.stop()
  })

  /** The first three links get this much of the first reply, and are then closed. */
  function cutThree(after: number, how: 'end' | 'reset'): void {
    let cuts = 0
    proxy.onReply = () => {
      cuts += 1
      return cuts > 3 ? { do: 'pass' } : { do: 'cut', after, how }
    }
  }

  describe.each(['end', 'reset'] as const)('(%s)', (how) => {
    it.each([
      ['before its first reply', 0],
      ['in the middle of its first reply', 5],
    ])('%s is retried', async (_when, after) => {
      cutThree(after, how)
      const client = connect(proxy.url)
      const failed = failures(client, 3)
      await client.connect()
      expect(await failed).toEqual(Array(3).fill(expect.stringMatching(/^no connection: |during the handshake$/)))
      expect(await client.incr('count')).toBe(1)
      expect(client.stats()).toMatchObject({ connections: 1, lost: 0 })
    })

    it('is retried by a client that was ready before, and its commands wait', async () => {
      const client = connect(proxy.url)
      await client.ping()
      cutThree(0, how)
      const failed = failures(client, 4)
      proxy.resetAll()
      await failed
      expect(await client.incr('count')).toBe(1)
    })
  })

  it('always: connect() rejects within the deadline, with the reason', async () => {
    proxy.onReply = () => ({ do: 'cut', after: 0, how: 'end' })
    const client = connect(proxy.url, { connectDeadline: 300 })
    await expect(client.connect()).rejects.toMatchObject({
      name: 'ConnectError',
      fate: 'not-executed',
      message: expect.stringContaining('the server closed the connection during the handshake'),
    })
    expect(client.status).toBe('idle')
  })
})
