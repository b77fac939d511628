import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Link } from '../../lab/proxy/link.js'
import { FaultProxy, type Target } from '../../lab/proxy/proxy.js'
import {
  type Client,
  type ClientOptionsOf,
  createClient,
  type DefaultReplies,
  type RespiteError,
} from '../../src/index.js'
import { Chance } from '../simulation/chance.js'
import { haproxyProgram, startHaproxy } from '../support/haproxy.js'
import { startMovableAddress } from '../support/movable-address.js'
import { startMultiplexingProxy } from '../support/multiplexing-proxy.js'
import { type SecureServer, startSecureServer } from '../support/secure-server.js'
import { nameOf, sampleOfPrograms, startServer } from '../support/server.js'
import { Wire } from '../support/wire.js'
import { tryEvidence } from './evidence.js'

type Options = ClientOptionsOf<DefaultReplies>

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

function connect(options: Options): Client {
  const client = createClient({ stallTimeout: 150, ...options })
  open.push(() => client.destroy())
  return client
}

async function startProxy(target: Target): Promise<FaultProxy> {
  const proxy = await FaultProxy.start(target)
  open.push(() => proxy.stop())
  return proxy
}

/** A first command, and the link that it went over. */
async function linkOf(client: Client, proxy: FaultProxy): Promise<Link> {
  await client.set('k', 0)
  return proxy.links.at(-1) as Link
}

const errorOf = (call: Promise<unknown>): Promise<RespiteError> =>
  call.then(
    () => Promise.reject(new Error('not rejected')),
    (error: RespiteError) => error,
  )

/** The error of an INCR whose connection was lost after it was sent. */
async function errorOfLostIncr(client: Client, proxy: FaultProxy): Promise<RespiteError> {
  const link = await linkOf(client, proxy)
  const arrival = link.requests.arrival()
  const error = errorOf(client.incr('n'))
  await arrival
  link.reset()
  return error
}

describe.each(sampleOfPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  let server: SecureServer
  let witness: Client
  let countsBytes: boolean

  beforeAll(async () => {
    server = await startSecureServer(program, ['--unixsocket', 'server.sock', '--enable-debug-command', 'yes'])
    witness = createClient(server.options('TCP') as Options)
    countsBytes = String(await witness.call('CLIENT', 'INFO')).includes('tot-net-in=')
  })
  afterAll(async () => {
    witness.destroy()
    await server.stop()
  })

  const ways = {
    TCP: { target: () => server.port, options: (port: number) => server.options('TCP', port) },
    TLS: { target: () => server.portOf('TLS'), options: (port: number) => server.options('TLS', port) },
    'a Unix socket': {
      target: () => ({ path: join(server.folder, 'server.sock') }),
      options: (port: number) => ({ host: '127.0.0.1', port }),
    },
  }

  /** SET k 1 is held by the path and sent again; then SET k 2; then the path goes on. */
  async function heldWrite(options: Options, proxy: FaultProxy): Promise<{ client: Client; link: Link }> {
    const client = connect(options)
    const link = await linkOf(client, proxy)
    link.requests.stall()
    await client.set('k', 1)
    await client.set('k', 2)
    link.requests.resume()
    return { client, link }
  }

  describe.each(Object.entries(ways))('over %s', (_, { target, options }) => {
    it.each([3, 2] as const)(
      'with RESP%i, a write that the path held does not run after a later one',
      async (protocol) => {
        const proxy = await startProxy(target())
        const { client, link } = await heldWrite({ ...options(proxy.port), protocol } as Options, proxy)
        await link.closed
        expect(await witness.get('k')).toBe('2')
        expect(client.stats()).toMatchObject({ fencesTried: 1, fencesProven: 1, fencesNotPossible: 0 })
      },
    )
  })

  it('without the fence it does', async () => {
    const proxy = await startProxy(server.port)
    await heldWrite({ host: '127.0.0.1', port: proxy.port, fence: 'off' }, proxy)
    await vi.waitFor(async () => expect(await witness.get('k')).toBe('1'))
  })

  const cuts: readonly (readonly [string, (link: Link, proxy: FaultProxy) => void])[] = [
    ['a reset', (link) => link.reset()],
    ['a FIN', (link) => link.end()],
    ['silence', (link) => link.replies.stall()],
    [
      'a cut reply to the command before it',
      (_, proxy) => {
        proxy.onReply = () => ({ do: 'cut', after: 1, how: 'reset' })
      },
    ],
  ]
  it.each(cuts)('an unknown INCR is fenced after %s', async (_, cut) => {
    const proxy = await startProxy(server.port)
    const client = connect({ host: '127.0.0.1', port: proxy.port })
    const link = await linkOf(client, proxy)
    const arrival = link.requests.arrival()
    const read = client.get('k')
    const error = errorOf(client.incr('n'))
    await arrival
    cut(link, proxy)
    expect(await error).toMatchObject({ fate: 'unknown' })
    proxy.onReply = () => ({ do: 'pass' })
    expect(await (await error).fenced).toBe(true)
    expect(await read).toBe('0')
  })

  it('the write of a pooled connection, held by the path, does not run later', async () => {
    const proxy = await startProxy(server.port)
    const client = connect({ host: '127.0.0.1', port: proxy.port })
    await linkOf(client, proxy)
    const error = await client.session(async (session) => {
      await session.set('k', 0)
      const link = proxy.links.at(-1) as Link
      link.requests.stall()
      const write = await errorOf(session.set('k', 1))
      await client.set('k', 2)
      link.requests.resume()
      await link.closed
      return write
    })
    // It is told when its connection has been fenced: a server that counts bytes has said by then that it read nothing of it.
    expect(error).toMatchObject({ fate: countsBytes ? 'not-executed' : 'unknown', code: 'SESSION_LOST' })
    if (!countsBytes) expect(await error.fenced).toBe(true)
    expect(await witness.get('k')).toBe('2')
  })

  it('an element that comes after a lost BLPOP is fenced stays', async () => {
    const proxy = await startProxy(server.port)
    const client = connect({ host: '127.0.0.1', port: proxy.port })
    await linkOf(client, proxy)
    await client.del('queue')
    const pop = errorOf(client.blpop('queue', 0))
    await vi.waitFor(async () => expect(await witness.call('CLIENT', 'LIST')).toContain('cmd=blpop'))
    const link = proxy.links.at(-1) as Link
    link.isBlackHole = true
    link.reset()
    expect(await (await pop).fenced).toBe(true)
    await client.rpush('queue', 'element')
    expect(await client.lrange('queue', 0, -1)).toEqual(['element'])
  })

  describe('a user without the right to', () => {
    it.each([
      ['CLIENT KILL', '-client|kill', false],
      ['CLIENT LIST', '-client|list', true],
      ['CLIENT INFO', '-client|info', false],
      ['INFO', '-info', false],
      ['MULTI', '-multi', true],
    ])('%s', async (_, rule, isFenced) => {
      await witness.call('ACL', 'SETUSER', 'app', 'reset', 'on', '>secret', '~*', '&*', '+@all', rule)
      await witness.call('ACL', 'LOG', 'RESET')
      const proxy = await startProxy(server.port)
      // A fence that is possible may take long on a busy machine.
      const user = { username: 'app', password: 'secret', fenceTimeout: isFenced ? 5_000 : 300 }
      const client = connect({ host: '127.0.0.1', port: proxy.port, ...user })
      for (let round = 0; round < 3; round += 1) {
        expect(await (await errorOfLostIncr(client, proxy)).fenced).toBe(isFenced)
      }
      const log = (await witness.call('ACL', 'LOG')) as unknown[]
      // Refused once: where the server counts bytes, within a transaction and behind it.
      expect(log.length).toBeLessThanOrEqual(countsBytes ? 2 : 1)
      await witness.call('ACL', 'DELUSER', 'app')
    })
  })

  it('a busy server is asked again until it answers, before anything else', async () => {
    const proxy = await startProxy(server.port)
    const client = connect({ host: '127.0.0.1', port: proxy.port })
    const link = await linkOf(client, proxy)
    await witness.call('CONFIG', 'SET', 'busy-reply-threshold', '20')
    const rival = await Wire.open(server.port)
    const other = await Wire.open(server.port)
    open.push(() => rival.close())
    open.push(() => other.close())
    link.replies.stall()
    const error = errorOf(client.incr('n'))
    await link.requests.arrival()
    void rival.send('EVAL', 'while true do end', 0)
    await vi.waitFor(
      async () => expect(await other.send('PING')).toMatchObject({ message: expect.stringMatching(/^BUSY/) }),
      { interval: 5 },
    )
    let written = ''
    proxy.on('request', ({ id }, bytes) => {
      if (id !== link.id) written += bytes.toString()
    })
    const write = client.set('k', 7)
    link.reset()
    // Which process it is must be known before a connection may be closed: that is what it is asked first.
    await vi.waitFor(() => expect(written.split('INFO\r\n').length).toBeGreaterThan(6), { timeout: 5_000, interval: 5 })
    expect(written).not.toContain('$3\r\nSET')
    await other.send('SCRIPT', 'KILL')
    await write
    expect(await (await error).fenced).toBe(true)
    expect(written.indexOf('KILL')).toBeGreaterThan(0)
    expect(written.lastIndexOf('KILL')).toBeLessThan(written.indexOf('$3\r\nSET'))
  })

  it('what it says that it has read, where it counts bytes, is right', async () => {
    const { resolved, unfenced, wrong } = await tryEvidence(server.port, 25, new Chance(1))
    expect({ unfenced, wrong }).toEqual({ unfenced: 0, wrong: 0 })
    expect(resolved.unknown).toBeGreaterThan(0)
    expect((resolved['not-executed'] ?? 0) > 0).toBe(countsBytes)
  })

  it('a server that loads its data closes the lost connection at once', async () => {
    const proxy = await startProxy(server.port)
    const client = connect({ host: '127.0.0.1', port: proxy.port, stallTimeout: 5_000 })
    const link = await linkOf(client, proxy)
    await witness.call('DEBUG', 'POPULATE', '5000')
    await witness.call('CONFIG', 'SET', 'key-load-delay', '1000', 'loading-process-events-interval-bytes', '1024')
    link.replies.stall()
    const error = errorOf(client.incr('n'))
    await link.requests.arrival()
    const rival = await Wire.open(server.port)
    open.push(() => rival.close())
    let isLoaded = false
    const reload = rival.send('DEBUG', 'RELOAD').then((reply) => {
      isLoaded = true
      return reply
    })
    const other = await Wire.open(server.port)
    open.push(() => other.close())
    await vi.waitFor(
      async () => expect(await other.send('GET', 'k')).toMatchObject({ message: expect.stringMatching(/^LOADING/) }),
      { interval: 5 },
    )
    link.reset()
    expect(await (await error).fenced).toBe(true)
    expect(isLoaded).toBe(false)
    // Refused until it has loaded.
    const write = client.set('k', 5)
    await other.send('CONFIG', 'SET', 'key-load-delay', '0')
    expect(await write).toBe('OK')
    expect(await reload).toBe('OK')
    await witness.flushall()
  })

  it('with another server behind the same address, strangers with the same numbers are left alone', async () => {
    const rival = await startServer(program)
    open.push(() => rival.stop())
    const strangers = await Promise.all(Array.from({ length: 40 }, () => Wire.open(rival.port)))
    for (const stranger of strangers) open.push(() => stranger.close())
    const address = await startMovableAddress(server.port)
    open.push(() => address.stop())
    const proxy = await startProxy(address.port)
    const client = connect({ host: '127.0.0.1', port: proxy.port, fenceTimeout: 5_000 })
    const link = await linkOf(client, proxy)
    link.requests.stall()
    const error = errorOf(client.incr('n'))
    await link.requests.arrival()
    address.leadTo(rival.port)
    expect((await error).fate).toBe('unknown')
    await client.set('k', 4)
    expect(client.stats().fencesTried).toBe(0)
    expect(await Promise.all(strangers.map((stranger) => stranger.send('PING')))).toEqual(strangers.map(() => 'PONG'))
    // It is fenced by the next connection that leads to its server.
    address.leadTo(server.port)
    proxy.links.at(-1)?.reset()
    expect(await (await error).fenced).toBe(true)
    expect(client.stats()).toMatchObject({ fencesTried: 1, fencesProven: 1 })
  })

  it('behind a proxy that shares its connection, nothing is closed, and the others go on', async () => {
    const shared = await startMultiplexingProxy(server.port)
    open.push(() => shared.stop())
    const stranger = await Wire.open(shared.port)
    open.push(() => stranger.close())
    const proxy = await startProxy(shared.port)
    const client = connect({ host: '127.0.0.1', port: proxy.port, fenceTimeout: 300 })
    for (let round = 0; round < 3; round += 1) {
      expect(await (await errorOfLostIncr(client, proxy)).fenced).toBe(false)
      expect(await stranger.send('PING')).toBe('PONG')
    }
    expect(client.stats().fencesTried).toBe(0)
    expect(shared.closed).toBe(0)
  })

  it('after a restart, when numbers of connections begin again, strangers are left alone', async () => {
    const proxy = await startProxy(server.port)
    const client = connect({ host: '127.0.0.1', port: proxy.port, fenceTimeout: 300 })
    const link = await linkOf(client, proxy)
    link.replies.stall()
    const error = errorOf(client.incr('n'))
    await link.requests.arrival().catch(() => {})
    proxy.refuse()
    await server.restart()
    const strangers = await Promise.all(Array.from({ length: 20 }, () => Wire.open(server.port)))
    for (const stranger of strangers) open.push(() => stranger.close())
    await proxy.open()
    await client.set('k', 3)
    expect(await (await error).fenced).toBe(false)
    expect(client.stats().fencesTried).toBe(0)
    expect(await Promise.all(strangers.map((stranger) => stranger.send('PING')))).toEqual(strangers.map(() => 'PONG'))
  })

  it.skipIf(haproxyProgram === undefined)('behind HAProxy, whose connection to the server is closed', async () => {
    const relay = await startProxy(server.port)
    const haproxy = await startHaproxy(relay.port, 10_000)
    open.push(() => haproxy.stop())
    const client = connect({ url: haproxy.url })
    // Not one of those that HAProxy was looked at with.
    const used = once(relay, 'request')
    await client.set('k', 0)
    const [link] = (await used) as [Link]
    link.requests.stall()
    await client.set('k', 1)
    await client.set('k', 2)
    link.requests.resume()
    await link.closed
    expect(await witness.get('k')).toBe('2')
    expect(client.stats().fencesProven).toBe(1)
  })
})
