import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { freePort } from '../../scripts/free-port.js'
import { type Client, type ClientOptionsOf, createClient, RespiteError } from '../../src/index.js'
import { startServer, type TestServer } from '../support/server.js'

let server: TestServer
let proxy: FaultProxy
let witness: Client
const open: Client[] = []

/** A client connected through the proxy. */
function connect(options: ClientOptionsOf = {}): Client {
  const client = createClient(proxy.url, options)
  open.push(client)
  return client
}

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

beforeEach(async () => {
  proxy = await FaultProxy.start(server.port)
  witness = createClient(server.url)
  await witness.flushdb()
})
afterEach(async () => {
  for (const client of open.splice(0)) client.destroy()
  witness.destroy()
  await proxy.stop()
})

const nextEvent = (client: Client, name: 'status' | 'error'): Promise<void> =>
  new Promise((resolve) => client.once(name, () => resolve()))

const fateOf = (error: unknown): string => {
  if (error instanceof RespiteError) return error.fate
  throw error
}

/** Sends 2,000 unique commands in 32 loops, while the link is cut 10 times between execution and reply. */
async function underResets(
  send: (id: number) => Promise<unknown>,
): Promise<{ id: number; fate: string | undefined }[]> {
  const results: { id: number; fate: string | undefined }[] = []
  let next = 0
  let replies = 0
  proxy.onReply = () => {
    replies += 1
    return replies % 6 === 5 && replies < 65 ? { do: 'cut', after: 0, how: 'reset' } : { do: 'pass' }
  }
  const loop = async (): Promise<void> => {
    while (next < 2_000) {
      const id = next
      next += 1
      results.push({ id, fate: await send(id).then(() => undefined, fateOf) })
    }
  }
  await Promise.all(Array.from({ length: 32 }, loop))
  return results
}

describe('2,000 commands in 32 loops, with the link reset 10 times between execution and reply', () => {
  it('RPUSH: none runs twice, no acknowledged one is missing, and every fate is true', async () => {
    const client = connect()
    const results = await underResets((id) => client.rpush('list', id))
    const list = await witness.lrange('list', 0, -1)
    expect(new Set(list).size).toBe(list.length)
    const present = new Set(list.map(Number))
    for (const { id, fate } of results) {
      if (fate === undefined || fate === 'executed') expect(present).toContain(id)
      if (fate === 'not-executed') expect(present).not.toContain(id)
    }
    const fates = new Set(results.map(({ fate }) => fate))
    expect(fates).toContain('unknown')
    expect([...fates].every((fate) => fate === undefined || fate === 'unknown' || fate === 'executed')).toBe(true)
    expect(client.stats().lost).toBe(10)
  })

  it.runIf(process.env.RESPITE_FULL !== undefined)('GET: none is rejected (npm run test:full)', async () => {
    await witness.set('key', 'value')
    const client = connect()
    const results = await underResets(async () => expect(await client.get('key')).toBe('value'))
    expect(results.filter(({ fate }) => fate !== undefined)).toEqual([])
    expect(client.stats().replayed).toBeGreaterThan(0)
  })

  it.runIf(process.env.RESPITE_FULL !== undefined)(
    "RPUSH with retry: 'always': none is rejected, and some run twice",
    async () => {
      const client = connect({ retry: 'always', maxAttempts: 20 })
      const results = await underResets((id) => client.rpush('list', id))
      expect(results.filter(({ fate }) => fate !== undefined)).toEqual([])
      const list = await witness.lrange('list', 0, -1)
      expect(new Set(list).size).toBe(2_000)
      expect(list.length).toBeGreaterThan(2_000)
    },
  )
})

describe('a link that ends in the middle of a reply', () => {
  it.each(['reset', 'end'] as const)('(%s): an unsafe command is rejected with fate executed', async (how) => {
    const client = connect()
    await client.connect()
    await witness.set('count', 1_000)
    proxy.onReply = () => ({ do: 'cut', after: 2, how })
    await expect(client.incr('count')).rejects.toMatchObject({
      name: 'ConnectionLostError',
      fate: 'executed',
      attempts: 1,
    })
    expect(await witness.get('count')).toBe('1001')
  })

  it('a read is sent again, up to maxAttempts', async () => {
    const client = connect({ maxAttempts: 3 })
    await client.connect()
    await witness.set('poison', 'value')
    let cuts = 0
    proxy.onReply = (chunk) => {
      if (!chunk.includes('value')) return { do: 'pass' }
      cuts += 1
      return { do: 'cut', after: 3, how: 'reset' }
    }
    await expect(client.get('poison')).rejects.toMatchObject({ fate: 'executed', attempts: 3 })
    expect(cuts).toBe(3)
    proxy.onReply = () => ({ do: 'pass' })
    expect(await client.get('poison')).toBe('value')
  })
})

it('invalid bytes instead of a reply cost one command at most, and give none the value of another', async () => {
  const client = connect()
  await client.connect()
  for (let i = 0; i < 20; i += 1) await witness.set(`key${i}`, `value${i}`)
  let isArmed = true
  proxy.onReply = () => {
    if (!isArmed) return { do: 'pass' }
    isArmed = false
    return { do: 'replace', bytes: Buffer.from('$5\r\nvalue0\r\nwhat is this\r\n') }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => client.get(`key${i}`)))
  const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  const values = outcomes.map((outcome, i) => (outcome.status === 'fulfilled' ? outcome.value : `value${i}`))
  expect(values).toEqual(Array.from({ length: 20 }, (_, i) => `value${i}`))
  expect(lost).toMatchObject([{ name: 'ConnectionLostError', fate: 'unknown', cause: { code: 'PROTOCOL_ERROR' } }])
  expect(isArmed).toBe(false)
})

it('a black hole is detected within stallTimeout, and reads continue on a new connection', async () => {
  const client = connect({ stallTimeout: 300 })
  await witness.set('key', 'value')
  await client.ping()
  proxy.isBlackHole = true
  const errored = nextEvent(client, 'error')
  const started = performance.now()
  const read = client.get('key')
  const write = client.incr('count').catch((error: unknown) => error)
  await errored
  const noticed = performance.now() - started
  proxy.isBlackHole = false
  expect(noticed).toBeGreaterThanOrEqual(295)
  expect(noticed).toBeLessThan(900)
  expect(await read).toBe('value')
  expect(await write).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown' })
})

it('a server that accepts and never answers: connect() rejects at its deadline, and the client stays usable', async () => {
  const mute = createServer().listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const { port } = mute.address() as { port: number }
  const client = createClient({ host: '127.0.0.1', port, connectTimeout: 100, connectDeadline: 250 })
  const command = client.incr('count').catch((error: unknown) => error)
  await expect(client.connect()).rejects.toMatchObject({ name: 'ConnectError', fate: 'not-executed' })
  expect(await command).toMatchObject({ fate: 'not-executed' })
  expect(client.status).toBe('idle')
  mute.close()
  client.destroy()
})

it('200,000 commands while the server is down: the queue is limited, errors are typed, and the rest run later', async () => {
  const client = connect({ maxQueued: 1_000, queueTimeout: 20_000 })
  await client.ping()
  proxy.refuse()
  const lost = nextEvent(client, 'error')
  proxy.resetAll()
  await lost
  const before = process.memoryUsage().heapUsed
  const fates = new Map<string, number>()
  const pending: Promise<unknown>[] = []
  for (let i = 0; i < 200_000; i += 1) {
    const push = client.rpush('list', i).then(
      () => fates.set('ran', (fates.get('ran') ?? 0) + 1),
      (error: RespiteError) => fates.set(error.code, (fates.get(error.code) ?? 0) + 1),
    )
    if (i < 1_000) pending.push(push)
    if (i % 10_000 === 0) await Promise.resolve()
  }
  expect(client.stats().queued).toBe(1_000)
  await proxy.open()
  await Promise.all(pending)
  expect(fates).toEqual(
    new Map([
      ['QUEUE_FULL', 199_000],
      ['ran', 1_000],
    ]),
  )
  expect(await witness.llen('list')).toBe(1_000)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(600 * 1024 * 1024)
})

it('a cut frame: if the kernel never took all of it, it is sent again, and every fate is true', async () => {
  const bytes = 80 * 1024 * 1024
  const client = connect()
  await client.connect()
  await witness.set('big', '')
  const [link] = proxy.links
  const first = once(proxy, 'request')
  proxy.onRequest = () => ({ do: 'drop' })
  const append = client.append('big', Buffer.alloc(bytes, 'x')).then(
    (length) => ({ length, fate: undefined }),
    (error: RespiteError) => ({ length: undefined, fate: error.fate }),
  )
  await first
  proxy.onRequest = () => ({ do: 'pass' })
  link?.reset()
  const { length, fate } = await append
  const stored = await witness.strlen('big')
  if (fate === undefined) expect(length).toBe(bytes)
  expect(stored).toBe(fate === undefined ? bytes : 0)
  expect(fate).not.toBe('executed')
})

describe('a server that stops and returns', () => {
  let own: TestServer
  let client: Client
  beforeEach(async () => {
    own = await startServer()
    client = createClient(own.url)
    open.push(client)
  })
  afterEach(() => own.stop())

  it('killed with -9 and restarted: reads in flight are answered, writes get true fates', async () => {
    await client.ping()
    await own.kill('SIGSTOP')
    const read = client.exists('key')
    const write = client.incr('count').catch((error: unknown) => error)
    await own.kill('SIGCONT')
    await own.kill('SIGKILL')
    const queued = client.incr('later')
    await own.restart()
    expect(await read).toBe(0)
    const told = await write
    if (told !== 1) expect(told).toMatchObject({ fate: expect.stringMatching(/unknown|executed/) })
    expect(await queued).toBe(1)
  })

  it('stopped and continued: every command is answered', async () => {
    await client.ping()
    await own.kill('SIGSTOP')
    const replies = Promise.all(Array.from({ length: 100 }, () => client.incr('count')))
    setTimeout(() => own.kill('SIGCONT'), 300)
    expect((await replies).at(-1)).toBe(100)
  })

  it('made a replica and a primary again: writes wait, and run once', async () => {
    await client.ping()
    await client.call('REPLICAOF', '127.0.0.1', String(await freePort()))
    const write = client.incr('count')
    const renewed = nextEvent(client, 'status')
    await renewed
    await using admin = createClient(own.url, { retry: 'never' })
    await admin.call('REPLICAOF', 'NO', 'ONE')
    expect(await write).toBe(1)
  })

  it('made a replica permanently: the write is rejected with fate not-executed at its time limit', async () => {
    const impatient = createClient(own.url, { queueTimeout: 300 })
    open.push(impatient)
    await impatient.call('REPLICAOF', '127.0.0.1', String(await freePort()))
    await expect(impatient.incr('count')).rejects.toMatchObject({
      name: 'ReplyError',
      prefix: 'READONLY',
      fate: 'not-executed',
    })
  })
})
