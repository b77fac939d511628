import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { resetAfter, stall } from '../../lab/proxy/fault.js'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { type Client, type ClientOptionsOf, createClient, script } from '../../src/index.js'
import { detach, resizable } from '../support/memory.js'
import { type SecureServer, startSecureServer, type Way } from '../support/secure-server.js'
import { nameOf, sampleOfPrograms } from '../support/server.js'

/** The reason of a rejection. */
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => {
      throw new Error(`resolved: ${String(value)}`)
    },
    (error: unknown) => error,
  )

const allCases = (['TCP', 'TLS'] as Way[]).flatMap((way) => ([2, 3] as const).map((protocol) => ({ way, protocol })))
// The default run takes each way and each protocol once.
const cases = process.env.RESPITE_FULL === undefined ? [allCases[0], allCases[3]].flatMap((one) => one ?? []) : allCases

describe.each(sampleOfPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  let server: SecureServer
  let admin: Client

  beforeAll(async () => {
    server = await startSecureServer(program, ['--client-query-buffer-limit', '1mb', '--enable-debug-command', 'yes'])
    admin = createClient(server.url)
    await admin.call('ACL', 'SETUSER', 'single', 'on', '>pw', '~*', '&*', '+@all', '-multi')
    await admin.call('ACL', 'SETUSER', 'other', 'on', '>pw', '~*', '&*', '+@all')
  })

  afterAll(async () => {
    admin.destroy()
    await server.stop()
  })

  describe.each(cases)('over $way with RESP$protocol', ({ way, protocol }) => {
    let proxy: FaultProxy
    const open: Client[] = []

    function connect(options: ClientOptionsOf = {}): Client {
      const client = createClient({ ...server.options(way, proxy.port), protocol, ...options } as ClientOptionsOf)
      open.push(client)
      return client
    }

    beforeEach(async () => {
      proxy = await FaultProxy.start(server.portOf(way))
      await admin.call('FLUSHALL')
      await admin.call('CONFIG', 'SET', 'client-query-buffer-limit', '1gb')
    })

    afterEach(async () => {
      for (const client of open.splice(0)) client.destroy()
      await proxy.stop()
    })

    describe('arguments that change between the call and the write', () => {
      const wrong: Readonly<Record<string, () => [value: Uint8Array, change: () => void]>> = {
        'a small one, detached': () => {
          const value = new Uint8Array(8)
          return [value, () => detach(value)]
        },
        'a large one, detached': () => {
          const value = new Uint8Array(100_000)
          return [value, () => detach(value)]
        },
        'one that shrinks': () => {
          const { memory, resize } = resizable(64)
          return [new Uint8Array(memory), () => resize(8)]
        },
        'one that grows': () => {
          const { memory, resize } = resizable(64)
          return [new Uint8Array(memory), () => resize(128)]
        },
      }

      it.each(Object.keys(wrong))(
        '%s: a UsageError, nothing is written, and other commands are not affected',
        async (kind) => {
          const client = connect()
          await admin.set('a', 'mine')
          const [value, change] = (wrong[kind] as () => [Uint8Array, () => void])()
          const refused = failure(client.set('k', value))
          const neighbor = client.get('a')
          const transaction = failure(client.multi().incr('n').set('k', value).exec())
          change()
          expect(await refused).toMatchObject({ name: 'UsageError', fate: 'not-executed', command: 'SET', attempts: 0 })
          expect(await transaction).toMatchObject({ name: 'UsageError', fate: 'not-executed', command: 'MULTI' })
          expect(await neighbor).toBe('mine')
          expect(await client.echo('next')).toBe('next')
          expect(await admin.exists('k', 'n')).toBe(0)
        },
      )

      it('after they were sent and lost: fate unknown, because the command may have run', async () => {
        const client = connect()
        await client.connect()
        const value = new Uint8Array([1, 2, 3])
        proxy.onReply = () => {
          proxy.onReply = () => ({ do: 'pass' })
          detach(value)
          return resetAfter(0)
        }
        const error = await failure(client.set('k', value))
        expect(error).toMatchObject({ name: 'UsageError', fate: 'unknown', attempts: 1 })
        expect(await admin.with({ buffers: true }).get('k')).toEqual(Buffer.from([1, 2, 3]))
      })

      it('a Buffer filled three times in one tick is sent with its last bytes, read when the frame is written', async () => {
        const client = connect()
        const pooled = Buffer.alloc(6)
        const sets = ['first', 'second', 'third'].map((word, index) => {
          pooled.fill(0).write(word)
          return client.set(`k${index}`, pooled)
        })
        await Promise.all(sets)
        expect(await client.mget('k0', 'k1', 'k2')).toEqual(['third\0', 'third\0', 'third\0'])
      })
    })

    describe('a command cancelled while it is being written', () => {
      const size = 16 * 1024 * 1024

      it.each(['time limit', 'signal'])('by its %s: later changes to its value are not sent', async (how) => {
        const client = connect()
        await client.connect()
        proxy.onRequest = () => stall
        const value = Buffer.alloc(size, 'a')
        const controller = new AbortController()
        const options = how === 'signal' ? { signal: controller.signal } : { timeout: 100 }
        const given = failure(client.with(options).set('k', value))
        setImmediate(() => controller.abort())
        expect(await given).toMatchObject({ fate: how === 'signal' ? expect.any(String) : 'unknown' })
        value.fill('b')
        proxy.onRequest = () => ({ do: 'pass' })
        for (const { requests } of proxy.links) requests.resume()
        expect(await client.echo('next')).toBe('next')
        const stored = await admin.with({ buffers: true }).get('k')
        expect(stored === null || stored.every((byte) => byte === 97)).toBe(true)
      })

      it('by a transfer of its memory: the connection ends, and the client continues', async () => {
        const client = connect({ retry: 'never' })
        await client.connect()
        proxy.onRequest = () => stall
        const value = new Uint8Array(size)
        const given = failure(client.set('k', value))
        const neighbor = client.get('nothing')
        await new Promise((resolve) => setImmediate(resolve))
        detach(value)
        proxy.onRequest = () => ({ do: 'pass' })
        for (const { requests } of proxy.links) requests.resume()
        const error = await given
        expect(error).toMatchObject({ command: 'SET' })
        expect(['not-executed', 'unknown']).toContain((error as { fate: string }).fate)
        expect(await neighbor).toBeNull()
        expect(await admin.exists('k')).toBe(0)
      })
    })

    describe('a user without the right to MULTI', () => {
      const user = { username: 'single', password: 'pw' }

      it('gets the result of each command of a transaction', async () => {
        const client = connect(user)
        const error = await failure(client.multi().incr('n').lpush('n', 'x').set('k', 'v').exec())
        expect(error).toMatchObject({
          name: 'TransactionError',
          fate: 'executed',
          cause: { prefix: 'NOPERM', command: 'MULTI' },
          results: [1, { prefix: 'WRONGTYPE', fate: 'refused' }, 'OK'],
        })
        expect(await admin.mget('n', 'k')).toEqual(['1', 'v'])
      })

      it('gets fate refused if every command was refused', async () => {
        const client = connect(user)
        await admin.set('s', 'text')
        const error = await failure(client.multi().incr('s').lpush('s', 'x').exec())
        expect(error).toMatchObject({ name: 'TransactionError', fate: 'refused' })
      })

      it('never gets not-executed for a transaction cut in its last frame, and it is not sent again', async () => {
        const client = connect({ ...user, retry: 'never' })
        await client.connect()
        proxy.onRequest = (chunk) => resetAfter(Math.min(chunk.length, 20_000))
        const error = await failure(client.multi().incr('n').set('k', Buffer.alloc(8_000_000)).exec())
        expect(error).toMatchObject({ fate: expect.stringMatching(/^(unknown|executed)$/) })
        expect(Number(await admin.get('n'))).toBeLessThanOrEqual(1)
      })
    })

    describe('a script that did its work and returns a temporary error', () => {
      it.each(['BUSY', 'LOADING', 'MASTERDOWN', 'READONLY', 'TRYAGAIN', 'CLUSTERDOWN'])('%s', async (prefix) => {
        const client = connect()
        const source = `redis.call('INCR', KEYS[1]) return redis.error_reply('${prefix} x')`
        const often = failure(client.with({ retry: 'always', maxAttempts: 2 }).eval(source, 1, 'often'))
        const once = failure(client.eval(source, 1, 'once'))
        expect(await often).toMatchObject({ name: 'ReplyError', prefix, fate: 'refused', attempts: 2 })
        expect(await once).toMatchObject({ name: 'ReplyError', prefix, fate: 'refused', attempts: 1 })
        expect(await admin.mget('often', 'once')).toEqual(['2', '1'])
      })
    })

    it('a script that returns a NOSCRIPT error runs once per call', async () => {
      const client = connect()
      const liar = script("redis.call('INCR', KEYS[1]) return redis.error_reply('NO' .. 'SCRIPT No matching script.')")
      for (const calls of [1, 2, 3]) {
        expect(await failure(client.run(liar, ['n']))).toMatchObject({ name: 'ReplyError', prefix: 'NOSCRIPT' })
        expect(await admin.get('n')).toBe(`${calls}`)
      }
    })

    it('a script that returns a NOSCRIPT error runs once, also if the connection is renewed at that moment', async () => {
      const client = connect()
      const liar = script(
        "redis.call('INCR', KEYS[1]) return redis.error_reply('NO' .. 'SCRIPT No matching script. x')",
      )
      await failure(client.run(liar, ['warm']))
      const renewal = failure(
        client.with({ retry: 'always', maxAttempts: 2 }).eval("return redis.error_reply('READONLY x')", 0),
      )
      expect(await failure(client.with({ retry: 'never' }).run(liar, ['n']))).toMatchObject({ fate: 'refused' })
      await renewal
      expect(await admin.get('n')).toBe('1')
    })

    it.each([
      ['of its own', "redis.error_reply('NOSCRIPT No matching script.')", []],
      ['from its arguments', 'redis.error_reply(ARGV[1])', ['NOSCRIPT No matching script.']],
      ['from bytes', 'redis.error_reply(ARGV[1])', [Buffer.from('NOSCRIPT No matching script.')]],
    ] as const)(
      'a script that returns a NOSCRIPT error %s runs once, also if scripts are flushed then',
      async (_, error, args) => {
        const client = connect()
        const liar = script(`redis.call('INCR', KEYS[1]) return ${error}`)
        const keys = Array.from({ length: 40 }, (_, index) => `n${index}`)
        for (const key of keys) {
          // Mostly, the server flushes the scripts after it ran this one, and before it is asked whether it has it.
          const flushed = admin.call('SCRIPT', 'FLUSH')
          expect(await failure(client.run(liar, [key], args))).toMatchObject({ prefix: 'NOSCRIPT', fate: 'refused' })
          await flushed
        }
        expect(await admin.mget(keys)).toEqual(keys.map(() => '1'))
      },
    )

    it('a script that the server no longer has runs once', async () => {
      const client = connect()
      const honest = script("return redis.call('INCR', KEYS[1])")
      expect(await client.run(honest, ['n'])).toBe(1)
      await admin.call('SCRIPT', 'FLUSH')
      expect(await client.run(honest, ['n'])).toBe(2)
    })

    it('AUTH in a session, right or wrong, keeps replies paired with commands', async () => {
      const client = connect({ username: 'other', password: 'pw' })
      await client.session(async (session) => {
        for (let round = 0; round < 3; round += 1) {
          const tokens: string[] = Array.from({ length: 5 }, () => randomUUID())
          const [one, two, three, four, five] = tokens as [string, string, string, string, string]
          const replies = await Promise.allSettled([
            session.echo(one),
            session.call('AUTH', 'other', 'wrong'),
            session.echo(two),
            session.call('HELLO', protocol, 'AUTH', 'other', 'wrong'),
            session.echo(three),
            session.call('AUTH', 'other', 'pw'),
            session.echo(four),
            session.call('RESET'),
            session.call('HELLO', protocol, 'AUTH', 'other', 'pw'),
            session.echo(five),
          ])
          const values = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value : reply.reason.prefix))
          expect(values.filter((value) => tokens.includes(value))).toEqual(tokens)
          expect([values[1], values[3], values[5], values[7]]).toEqual(['WRONGPASS', 'WRONGPASS', 'OK', 'RESET'])
        }
      })
    })

    it('a frame that is cut each time is rejected, and later commands continue', async () => {
      const client = connect({ maxAttempts: 3 })
      await client.connect()
      await admin.call('CONFIG', 'SET', 'client-query-buffer-limit', '1mb')
      const culprit = failure(client.set('k', Buffer.alloc(64 * 1024 * 1024)))
      const behind = client.get('a')
      const error = await culprit
      expect(error).toMatchObject({ name: 'ConnectionLostError', attempts: 3 })
      // Most of the frame was never written to the socket, with TLS or without.
      expect((error as { fate: string }).fate).toBe('not-executed')
      expect(await behind).toBeNull()
      expect(client.stats().lost).toBeLessThanOrEqual(3)
    })
  })
})
