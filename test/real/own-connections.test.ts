import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { resetAfter } from '../../lab/proxy/fault.js'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { type Client, type ClientOptionsOf, createClient, type RespiteError, script } from '../../src/index.js'
import { nameOf, sampleOfPrograms, startServer, type TestServer } from '../support/server.js'
import { until } from '../support/until.js'

/** `npm run test:full` tries all servers, `npm test` the newest. */
const programs = sampleOfPrograms()

/** Dedicated connections, cut at every stage of their use. */
describe.each(programs.map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  let server: TestServer
  let proxy: FaultProxy
  let witness: Client
  const open: Client[] = []

  const connect = (options: ClientOptionsOf = {}): Client => {
    const client = createClient(proxy.url, options)
    open.push(client)
    return client
  }
  const rejection = (promise: Promise<unknown>): Promise<RespiteError> =>
    promise.then(
      (value) => {
        throw new Error(`resolved to ${JSON.stringify(value)}`)
      },
      (error: RespiteError) => error,
    )
  const someoneWaits = (count = 1): Promise<void> =>
    until(async () => (await witness.info('clients')).includes(`blocked_clients:${count}\r\n`))

  beforeAll(async () => {
    server = await startServer(program)
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

  describe('a blocking command whose connection is lost', () => {
    it('while it waits is rejected with fate unknown if it takes something, and waits on if it only reads', async () => {
      const client = connect()
      const taking = rejection(client.blpop('queue', 0))
      await someoneWaits()
      proxy.resetAll()
      expect(await taking).toMatchObject({
        name: 'ConnectionLostError',
        fate: 'unknown',
        command: 'BLPOP',
        attempts: 1,
      })
      const begin = performance.now()
      const reading = client.xread('BLOCK', 1_500, 'STREAMS', 'events', '$')
      await someoneWaits()
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      proxy.resetAll()
      expect(await reading).toBeNull()
      // It had 500 ms left, and did not start again with 1,500.
      expect(performance.now() - begin).toBeLessThan(2_400)
    })

    it('in the middle of its reply is rejected with fate executed', async () => {
      const client = connect()
      const taking = rejection(client.blpop('queue', 0))
      await someoneWaits()
      proxy.onReply = () => resetAfter(9)
      await witness.rpush('queue', 'x')
      expect(await taking).toMatchObject({ fate: 'executed' })
      expect(await witness.llen('queue')).toBe(0)
    })

    it('before it was ready is sent on the next connection', async () => {
      const client = connect()
      await client.connect()
      let cuts = 0
      proxy.onReply = () => {
        cuts += 1
        return cuts === 1 ? resetAfter(3) : { do: 'pass' }
      }
      const taking = client.blpop('queue', 5)
      await witness.rpush('queue', 'x')
      expect(await taking).toEqual(['queue', 'x'])
    })
  })

  describe('a blocking command that is cancelled', () => {
    it('as an element comes loses none: the element is in the reply or still in the list', async () => {
      const client = connect()
      await client.connect()
      const pushed = 200
      let got = 0
      for (let i = 0; i < pushed; i += 1) {
        const controller = new AbortController()
        const taking = client.with({ signal: controller.signal }).blpop('queue', 0)
        taking.catch(() => {})
        const push = witness.rpush('queue', String(i))
        if (i % 3 === 0) controller.abort()
        else setImmediate(() => controller.abort())
        await push
        const outcome = await taking.catch((error: RespiteError) => error)
        if (Array.isArray(outcome)) got += 1
        else expect(outcome).toMatchObject({ name: 'AbortError', fate: 'not-executed' })
      }
      expect(got + (await witness.llen('queue'))).toBe(pushed)
    })

    it('has its connection closed, with fate unknown, if CLIENT UNBLOCK is not allowed', async () => {
      await witness.call('ACL', 'SETUSER', 'limited', 'on', '>pw', '~*', '+@all', '-client|unblock')
      const client = connect({ username: 'limited', password: 'pw' })
      const taking = rejection(client.with({ timeout: 50 }).blpop('queue', 0))
      expect(await taking).toMatchObject({ name: 'TimeoutError', fate: 'unknown' })
      await until(async () => (await witness.info('clients')).includes('blocked_clients:0\r\n'))
    })

    it('has its connection closed, with fate unknown, if no reply comes', async () => {
      const client = connect()
      const controller = new AbortController()
      const taking = rejection(client.with({ signal: controller.signal }).blpop('queue', 0))
      await someoneWaits()
      proxy.isBlackHole = true
      controller.abort()
      expect(await taking).toMatchObject({ name: 'AbortError', fate: 'unknown' })
    })
  })

  describe('the pool', () => {
    it('has a limit, beyond which commands wait in order and not forever', async () => {
      const client = connect({ blocking: { maxConnections: 2, acquireTimeout: 300 } })
      const waits = [client.blpop('a', 0), client.blpop('a', 0)]
      await someoneWaits(2)
      const third = client.blpop('a', 0)
      expect(client.stats().ownConnections).toBe(2)
      await witness.rpush('a', '1', '2', '3')
      expect((await Promise.all([...waits, third])).map((reply) => reply?.[1])).toEqual(['1', '2', '3'])
      const both = [client.blpop('c', 1), client.blpop('c', 1)]
      expect(await rejection(client.blpop('d', 0))).toMatchObject({ name: 'TimeoutError', fate: 'not-executed' })
      await Promise.all(both)
    })

    it('keeps its limit while it waits for credentials', async () => {
      const credentials = async () => ({ password: '' })
      const client = connect({ credentials, blocking: { maxConnections: 1 } })
      const work = Array.from({ length: 5 }, () => client.session((session) => session.call('CLIENT', 'ID')))
      expect(new Set(await Promise.all(work)).size).toBe(1)
    })

    it('leaves no timer behind if a listener destroys the client', async () => {
      const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
      proxy.refuse()
      const client = connect()
      const before = timers()
      client.on('error', () => client.destroy())
      await rejection(client.session((session) => session.ping()))
      await new Promise((resolve) => setImmediate(resolve))
      expect(timers()).toBeLessThanOrEqual(before)
    })

    it('closes connections unused for a long time', async () => {
      const client = connect({ blocking: { idleTimeout: 50 } })
      await client.blpop('absent', 0.01)
      expect(client.stats().ownConnections).toBe(1)
      await until(async () => client.stats().ownConnections === 0)
    })
  })

  describe('a session whose connection is lost', () => {
    it('rejects pending commands with their fate, and later ones; nothing is sent again', async () => {
      const client = connect()
      const errors = await client.session(async (session) => {
        await session.select(2)
        // Only this one: the error is told once its connection was fenced over another one.
        proxy.onReply = () => {
          proxy.onReply = () => ({ do: 'pass' })
          return resetAfter(0)
        }
        return [await rejection(session.get('k')), await rejection(session.get('k'))]
      })
      expect(errors[0]).toMatchObject({ name: 'SessionLostError', fate: 'unknown', command: 'GET' })
      expect(errors[1]).toMatchObject({ name: 'SessionLostError', fate: 'not-executed' })
      // The next session has a clean connection.
      expect(await client.session((session) => session.dbsize())).toBe(0)
    })
  })

  describe('a session that leaves state behind', () => {
    const single = { blocking: { maxConnections: 1 } }
    const withdrawn = { signal: AbortSignal.abort() }

    it.each(['EXEC', 'DISCARD'])('does not count as restored if its %s was cancelled', async (name) => {
      const client = connect(single)
      await client.session(async (session) => {
        await session.call('MULTI')
        expect(await rejection(session.with(withdrawn).call(name))).toMatchObject({ fate: 'not-executed' })
      })
      expect(await client.session((session) => session.get('absent'))).toBeNull()
    })

    it('does not count as restored if the restoring command was refused', async () => {
      const client = connect(single)
      await client.session(async (session) => {
        await session.call('MULTI')
        expect(await rejection(session.call('DISCARD', 'too much'))).toMatchObject({ fate: 'refused' })
      })
      expect(await client.session((session) => session.get('absent'))).toBeNull()
    })

    it('does not pass on its watch if its transaction was cancelled', async () => {
      const client = connect(single)
      const outcome = client.transaction('seat', (session) => session.with(withdrawn).multi().set('a', 'b'))
      expect(await rejection(outcome)).toMatchObject({ name: 'AbortError', fate: 'not-executed' })
      await witness.set('seat', 'taken')
      expect(await client.session((session) => session.multi().set('a', 'b').exec())).toEqual(['OK'])
    })

    it('ends although a blocking command was not awaited', async () => {
      const client = connect()
      let left: Promise<RespiteError> | undefined
      const done = await client.session((session) => {
        left = rejection(session.blpop('queue', 0))
        return 'done'
      })
      expect(done).toBe('done')
      expect(await left).toMatchObject({ name: 'SessionLostError' })
    })
  })

  describe('a transaction of a user who may not call MULTI', () => {
    it('reports that its commands ran one by one', async () => {
      await witness.call('ACL', 'SETUSER', 'limited', 'on', '>pw', '~*', '+@all', '-multi')
      const client = connect({ username: 'limited', password: 'pw' })
      const error = await rejection(client.multi().incr('counter').hgetall('counter').exec())
      expect(await witness.get('counter')).toBe('1')
      expect(error).toMatchObject({ name: 'TransactionError', fate: 'executed', results: [1, { prefix: 'WRONGTYPE' }] })
    })
  })

  describe('a transaction by hand', () => {
    it('resolves commands to what the server answers: QUEUED, then all results of EXEC', async () => {
      await witness.hset('hash', { field: 'value' })
      await connect().session(async (session) => {
        await session.call('MULTI')
        expect(await session.hgetall('hash')).toBe('QUEUED')
        expect(await session.zscore('none', 'member')).toBe('QUEUED')
        expect(await session.with({ buffers: true }).get('none')).toBe('QUEUED')
        expect(await session.call('EXEC')).toEqual([{ field: 'value' }, null, null])
        // The transaction is over: the string QUEUED is now an ordinary value.
        await session.set('text', 'QUEUED')
        expect(await session.get('text')).toBe('QUEUED')
        expect(await session.hgetall('hash')).toEqual({ field: 'value' })
      })
    })

    it('cannot be combined with multi(), which would mix up the results', async () => {
      await connect().session(async (session) => {
        await session.call('MULTI')
        await session.set('a', '1')
        const inner = rejection(session.multi().get('b').exec())
        expect(await inner).toMatchObject({ name: 'UsageError', fate: 'not-executed', command: 'MULTI' })
        expect(await session.call('EXEC')).toEqual(['OK'])
        expect(await session.multi().get('a').exec()).toEqual(['1'])
      })
    })

    it('sends scripts as text: after DISCARD, the server would not know a script', async () => {
      const answer = script('return 42 -- of a transaction by hand')
      await connect().session(async (session) => {
        await session.call('MULTI')
        expect(await session.run(answer, [])).toBe('QUEUED')
        await session.call('DISCARD')
        await session.call('MULTI')
        expect(await session.run(answer, [])).toBe('QUEUED')
        expect(await session.call('EXEC')).toEqual([42])
      })
    })
  })

  describe('a session with CLIENT REPLY OFF', () => {
    it('still awaits replies if CLIENT REPLY was never sent', async () => {
      const client = connect()
      const replies = await client.session(async (session) => {
        await rejection(session.with({ signal: AbortSignal.abort() }).call('CLIENT', 'REPLY', 'OFF'))
        return [await session.set('k', 'v'), await session.get('k')]
      })
      expect(replies).toEqual(['OK', 'v'])
    })

    it('awaits no replies of a transaction', async () => {
      const client = connect()
      const replies = await client.session(async (session) => {
        await session.call('CLIENT', 'REPLY', 'SKIP')
        const skipped = await session.multi().set('k', '1').get('k').exec()
        await session.call('CLIENT', 'REPLY', 'OFF')
        return [skipped, await session.multi().set('k', '2').exec()]
      })
      expect(replies).toEqual([['OK', '1'], null])
      await until(async () => (await witness.get('k')) === '2')
    })
  })

  describe('a subscription whose connection is lost', () => {
    it.each([3, 2] as const)(
      'with RESP%i subscribes again, and reports the period in which messages may be missing',
      async (protocol) => {
        const client = connect({ protocol })
        const heard: string[] = []
        let tellGap: (value: unknown) => void = () => {}
        const subscription = client.subscribe(['a', 'b'], {
          onMessage: ({ channel, message }) => heard.push(`${channel} ${message}`),
          onGap: (gap) => tellGap(gap),
        })
        await subscription.ready
        for (let cycle = 0; cycle < 5; cycle += 1) {
          const before = new Date()
          const gap = new Promise((resolve) => {
            tellGap = resolve
          })
          proxy.resetAll()
          const { from, until: end, reason } = (await gap) as { from: Date; until: Date; reason: Error }
          expect(from.getTime()).toBeLessThanOrEqual(before.getTime() + 1_000)
          expect(end.getTime()).toBeGreaterThanOrEqual(before.getTime())
          expect(reason).toBeInstanceOf(Error)
          expect(await witness.publish('b', String(cycle))).toBe(1)
          await until(async () => heard.at(-1) === `b ${cycle}`)
        }
        expect(subscription.gaps).toBe(5)
        subscription.close()
        await until(async () => (await witness.publish('a', 'nobody')) === 0)
        expect(client.stats().subscriptions).toBe(0)
      },
    )

    it('can be closed without a connection: it is not subscribed again', async () => {
      const client = connect()
      const kept = client.subscribe('kept')
      const dropped = client.subscribe('dropped')
      await Promise.all([kept.ready, dropped.ready])
      proxy.refuse()
      proxy.resetAll()
      await new Promise<void>((resolve) => {
        client.once('error', () => resolve())
      })
      dropped.close()
      await proxy.open()
      await until(async () => (await witness.publish('kept', 'm')) === 1)
      expect(await witness.publish('dropped', 'm')).toBe(0)
    })

    it('reports a refused channel to its subscription only', async () => {
      await witness.call('ACL', 'SETUSER', 'limited', 'on', '>pw', '~*', '+@all', 'resetchannels', '&open')
      const client = connect({ username: 'limited', password: 'pw' })
      const forbidden = client.subscribe('secret')
      const allowed = client.subscribe('open')
      await expect(forbidden.ready).rejects.toMatchObject({ name: 'ReplyError', prefix: 'NOPERM' })
      await expect(forbidden[Symbol.asyncIterator]().next()).rejects.toMatchObject({ prefix: 'NOPERM' })
      await allowed.ready
      expect(await witness.publish('open', 'm')).toBe(1)
    })

    it('limits buffered messages, and counts dropped ones', async () => {
      const client = connect()
      const dropping = client.subscribe('c', { maxBuffered: 10 })
      const ending = client.subscribe('c', { maxBuffered: 10, overflow: 'end' })
      await Promise.all([dropping.ready, ending.ready])
      for (let i = 0; i < 25; i += 1) await witness.publish('c', String(i))
      await until(async () => dropping.dropped === 15)
      const messages: string[] = []
      for await (const { message } of dropping) if (messages.push(message) === 10) break
      expect(messages[0]).toBe('15')
      const read = async (): Promise<number> => {
        let count = 0
        for await (const _ of ending) count += 1
        return count
      }
      expect(await rejection(read())).toMatchObject({ name: 'QueueFullError' })
    })
  })
})
