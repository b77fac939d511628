import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { replace, resetAfter } from '../../lab/proxy/fault.js'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { type Client, type ClientOptions, createClient, script } from '../../src/index.js'
import { receiptName } from '../../src/once/receipt-name.js'
import { nameOf, sampleOfPrograms, startServer, type TestServer } from '../support/server.js'

/** Those that do not change the types of replies. */
type Options = Omit<ClientOptions, 'buffers' | 'maps' | 'sets' | 'integers'>

/** The reason of a rejection. */
const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    (value) => {
      throw new Error(`resolved: ${String(value)}`)
    },
    (error: Error) => error,
  )

const cases = sampleOfPrograms().flatMap((program) =>
  ([2, 3] as const).map((protocol) => ({ name: nameOf(program), program, protocol })),
)

describe.each(cases)('Once, on $name by RESP$protocol', ({ program, protocol }) => {
  let server: TestServer
  let admin: Client
  let proxy: FaultProxy
  const clients: Client[] = []

  const open = (options: Options = {}): Client => {
    const client = createClient(proxy.url, { protocol, reconnect: { baseDelay: 1 }, ...options })
    clients.push(client)
    return client
  }

  /** Cuts the connection when the next reply comes: the server ran what was sent. */
  const loseNextReply = (): void => {
    proxy.onReply = () => {
      proxy.onReply = () => ({ do: 'pass' })
      return resetAfter(0)
    }
  }

  /** A client that has its code, and knows the server's time: its next command is sent at once. */
  const ready = async (options: Options = {}): Promise<Client> => {
    const client = open(options)
    await client.with({ once: true }).incr('warm')
    return client
  }

  beforeAll(async () => {
    server = await startServer(program, ['--enable-debug-command', 'yes'])
    admin = createClient(server.url)
  })
  afterAll(async () => {
    admin.destroy()
    await server.stop()
  })
  beforeEach(async () => {
    await admin.call('FLUSHALL')
    await admin.call('SCRIPT', 'FLUSH')
    proxy = await FaultProxy.start(server.port)
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy()
    await proxy.stop()
  })

  it('replaces arguments that an error of the server quotes, which may be secret', async () => {
    const client = await ready()
    proxy.onReply = () => {
      proxy.onReply = () => ({ do: 'pass' })
      return replace("-ERR no value 'S3CRET' here\r\n")
    }
    const error = await failure(client.with({ once: true }).set('k', 'S3CRET'))
    expect(error).toMatchObject({ name: 'ReplyError', message: "ERR no value '...' here" })
  })

  describe('a command', () => {
    it('whose reply was lost is sent again, runs once, and has the reply of the try that ran', async () => {
      const client = await ready()
      loseNextReply()
      expect(await client.with({ once: true }).incr('n')).toBe(1)
      expect(client.stats()).toMatchObject({ lost: 1, replayed: 1 })
      expect(await admin.get('n')).toBe('1')
    })

    it('is in order with what was called before and after it, also while the code is loaded', async () => {
      const client = open()
      const onceOnly = client.with({ once: true })
      const replies = [
        client.rpush('l', 'a'),
        onceOnly.rpush('l', 'b'),
        client.rpush('l', 'c'),
        onceOnly.rpush('l', 'd'),
      ]
      expect(await Promise.all(replies)).toEqual([1, 2, 3, 4])
      expect(await client.lrange('l', 0, -1)).toEqual(['a', 'b', 'c', 'd'])
    })

    it('stays in order on a new connection, where the time of the server is asked first', async () => {
      const client = await ready()
      const onceOnly = client.with({ once: true })
      proxy.resetAll()
      const replies = [
        client.rpush('l', 'a'),
        onceOnly.rpush('l', 'b'),
        client.rpush('l', 'c'),
        onceOnly.rpush('l', 'd'),
      ]
      expect(await Promise.all(replies)).toEqual([1, 2, 3, 4])
    })

    it("with `retry: 'never'` is not sent again: fate unknown, and its receipt says what became of it", async () => {
      const client = await ready()
      loseNextReply()
      const error = await failure(client.with({ once: true, retry: 'never' }).incr('n'))
      expect(error).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown', attempts: 1 })
      expect(await client.receipt(error as never)).toEqual({ found: true, reply: 1 })
    })

    it('that only reads is sent as it is', async () => {
      const client = open()
      await admin.set('k', 'v')
      expect(await client.with({ once: 'id' }).get('k')).toBe('v')
      expect(await admin.call('KEYS', '*')).toEqual(['k'])
    })

    it('that was aborted before it was sent is not sent', async () => {
      const client = open()
      const abort = new AbortController()
      const promise = failure(client.with({ once: true, signal: abort.signal }).incr('n'))
      abort.abort()
      expect(await promise).toMatchObject({ name: 'AbortError', fate: 'not-executed' })
      expect(await client.get('n')).toBeNull()
    })

    it('is rejected with a UsageError, and nothing is sent, if it can not run once', async () => {
      const client = open()
      const onceOnly = client.with({ once: true })
      const values = new Array<string>(8_000).fill('v')
      // The first waits for the code, the second does not.
      for (let i = 0; i < 2; i += 1) {
        expect(await failure(onceOnly.blpop('l', 1))).toMatchObject({
          code: 'USAGE',
          fate: 'not-executed',
          command: 'BLPOP',
        })
        expect(await failure(onceOnly.call('RPUSH', 'l', ...values))).toMatchObject({ code: 'USAGE', command: 'RPUSH' })
        const transaction = onceOnly.multi().incr('n').call('BLPOP', 'l', 1)
        expect(await failure(transaction.exec())).toMatchObject({ code: 'USAGE', command: 'MULTI', attempts: 0 })
      }
      const inSession = client.session((session) => session.with({ once: true }).incr('n'))
      expect(await failure(inSession)).toMatchObject({ code: 'USAGE', command: 'INCR' })
      expect(await admin.call('DBSIZE')).toBe(0)
    })

    it('can have 7,990 arguments', async () => {
      const values = new Array<string>(7_988).fill('v')
      expect(
        await open()
          .with({ once: true })
          .call('RPUSH', 'l', ...values),
      ).toBe(7_988)
    })

    it('that the server lost the script of is sent with its source', async () => {
      const client = await ready()
      await admin.call('SCRIPT', 'FLUSH')
      expect(await client.with({ once: true }).incr('n')).toBe(1)
      expect(client.stats().lost).toBe(0)
    })

    it.each(['publish', 'spublish'] as const)(
      'without keys (%s) runs once, with a receipt at oncePrefix',
      async (name) => {
        const client = open({ oncePrefix: 'receipts:' })
        const onceOnly = client.with({ once: 'hello' })
        expect([await onceOnly[name]('c', 'm'), await onceOnly[name]('c', 'm')]).toEqual([0, 0])
        expect(await admin.call('KEYS', '*')).toEqual(['receipts:hello'])
        expect(await client.receipt('hello')).toEqual({ found: true, reply: 0 })
      },
    )

    it('with a keyPrefix has its receipt at the prefixed key', async () => {
      const client = open({ keyPrefix: 'app:' })
      await client.with({ once: 'id' }).incr('n')
      expect((await admin.call<string[]>('KEYS', '*')).sort()).toEqual(['app:n', String(receiptName('app:n', 'id'))])
      expect(await client.receipt('id', 'n')).toEqual({ found: true, reply: 1 })
    })

    it('that deletes its own receipt has it again afterwards, with its time limit', async () => {
      const client = open()
      const onceOnly = client.with({ once: 'id' })
      expect(await onceOnly.call('FLUSHALL')).toBe('OK')
      await admin.set('k', 'v')
      expect(await onceOnly.call('FLUSHALL')).toBe('OK')
      expect(await admin.get('k')).toBe('v')
      expect(await admin.pttl('once:id')).toBeGreaterThan(50_000)
    })
  })

  describe('an id of its own', () => {
    it('runs once for all clients, and each gets the reply', async () => {
      const several = [open(), open(), open(), open()]
      const calls = several.flatMap((client) => {
        const onceOnly = client.with({ once: 'order-4711' })
        return [onceOnly.incr('n'), onceOnly.incr('n'), onceOnly.incr('n')]
      })
      expect(new Set(await Promise.all(calls))).toEqual(new Set([1]))
      expect(await admin.get('n')).toBe('1')
    })

    it('is one per first key', async () => {
      const onceOnly = open().with({ once: 'id' })
      expect([await onceOnly.incr('a'), await onceOnly.incr('b'), await onceOnly.incr('a')]).toEqual([1, 1, 1])
    })

    it('used for another call at that key is a UsageError with code ONCE_MISMATCH, and nothing runs', async () => {
      const client = open()
      const onceOnly = client.with({ once: 'id' })
      await onceOnly.incrby('n', 1)
      for (const other of [onceOnly.incrby('n', 2), onceOnly.incr('n'), onceOnly.multi().incrby('n', 1).exec()]) {
        expect(await failure(other)).toMatchObject({ name: 'UsageError', code: 'ONCE_MISMATCH', fate: 'not-executed' })
      }
      expect(await admin.get('n')).toBe('1')
    })

    it('whose receipt is some other value is a mismatch, too', async () => {
      await admin.set(receiptName('n', 'id'), 'something else')
      expect(await failure(open().with({ once: 'id' }).incr('n'))).toMatchObject({ code: 'ONCE_MISMATCH' })
      expect(await admin.get('n')).toBeNull()
    })

    it('outlives the process that used it', async () => {
      const first = await ready({ maxAttempts: 1 })
      loseNextReply()
      expect(await failure(first.with({ once: 'id' }).incr('n'))).toMatchObject({ fate: 'unknown' })
      first.destroy()
      expect(await open().with({ once: 'id' }).incr('n')).toBe(1)
      expect(await admin.get('n')).toBe('1')
    })
  })

  describe('errors', () => {
    it('are kept: a later try is answered with the same error, though the command would now succeed', async () => {
      const client = await ready()
      await admin.set('n', 'x')
      const onceOnly = client.with({ once: 'id' })
      const error = await failure(onceOnly.incr('n'))
      expect(error).toMatchObject({ prefix: 'ERR', fate: 'refused', command: 'INCR', attempts: 1 })
      await admin.set('n', 5)
      expect(await failure(onceOnly.incr('n'))).toMatchObject({ message: error.message, fate: 'refused' })
      expect(await client.receipt(error as never)).toMatchObject({ found: true, error: { message: error.message } })
      expect(await admin.get('n')).toBe('5')
    })

    it('of the try that ran are the fate of all tries', async () => {
      const client = await ready()
      await admin.set('n', 'x')
      loseNextReply()
      const error = await failure(client.with({ once: true }).incr('n'))
      expect(error).toMatchObject({ name: 'ReplyError', fate: 'refused', attempts: 2 })
    })

    it('of a user without a right to the receipt: nothing ran', async () => {
      await admin.call('ACL', 'SETUSER', 'noset', 'on', '>pw', '~*', '+@all', '-set')
      const onceOnly = open({ username: 'noset', password: 'pw' }).with({ once: true })
      expect(await failure(onceOnly.incr('n'))).toMatchObject({ name: 'ReplyError', fate: 'refused' })
      expect(await admin.get('n')).toBeNull()
    })

    it('of a user without a right to the key: nothing ran', async () => {
      await admin.call('ACL', 'SETUSER', 'app', 'on', '>pw', '~app:*', '+@all')
      const onceOnly = open({ username: 'app', password: 'pw' }).with({ once: true })
      expect(await failure(onceOnly.incr('other'))).toMatchObject({ prefix: 'NOPERM', fate: 'refused' })
      expect(await onceOnly.incr('app:n')).toBe(1)
    })

    it('of a user without the right to TIME: the call is refused, and nothing ran', async () => {
      await admin.call('ACL', 'SETUSER', 'notime', 'on', '>pw', '~*', '+@all', '-time')
      const client = open({ username: 'notime', password: 'pw' })
      expect(await failure(client.with({ once: true }).incr('n'))).toMatchObject({
        prefix: 'NOPERM',
        fate: 'not-executed',
        command: 'INCR',
      })
      expect(await client.get('n')).toBeNull()
    })

    it('of a full memory: nothing ran, no receipt is left, and the next call runs', async () => {
      const client = await ready()
      const onceOnly = client.with({ once: 'id' })
      await admin.call('CONFIG', 'SET', 'maxmemory', 1)
      try {
        expect(await failure(onceOnly.incr('n'))).toMatchObject({ prefix: 'OOM', fate: 'refused' })
        expect(await client.receipt('id', 'n')).toEqual({ found: false })
      } finally {
        await admin.call('CONFIG', 'SET', 'maxmemory', 0)
      }
      expect(await onceOnly.incr('n')).toBe(1)
    })

    it('a reserved receipt without a reply is ReplyError ONCE_UNKNOWN, fate unknown', async () => {
      const client = await ready()
      const onceOnly = client.with({ once: 'id' })
      await onceOnly.incr('n')
      const name = receiptName('n', 'id')
      const head = (await admin.with({ buffers: true }).get(name))?.subarray(0, 23) as Buffer
      await admin.set(name, head, 'KEEPTTL')
      expect(await failure(onceOnly.incr('n'))).toMatchObject({ prefix: 'ONCE_UNKNOWN', fate: 'unknown' })
      expect(await client.receipt('id', 'n')).toEqual({ found: true, pending: true })
      expect(await admin.get('n')).toBe('1')
    })
  })

  describe('the time limit', () => {
    it('is that of the receipt: PXAT, the server time of the first try and onceTtl', async () => {
      const client = await ready({ onceTtl: 5_000 })
      const before = Date.now()
      await client.with({ once: 'id' }).incr('n')
      const expiry = await admin.call<number>('PEXPIRETIME', receiptName('n', 'id'))
      expect(expiry).toBeGreaterThan(before + 4_000)
      expect(expiry).toBeLessThanOrEqual(Date.now() + 5_000)
    })

    it('of a try that finds a receipt extends it', async () => {
      const short = open({ onceTtl: 2_000 })
      const long = open({ onceTtl: 60_000 })
      await short.with({ once: 'id' }).incr('n')
      expect(await admin.pttl(receiptName('n', 'id'))).toBeLessThanOrEqual(2_000)
      expect(await long.with({ once: 'id' }).incr('n')).toBe(1)
      expect(await admin.pttl(receiptName('n', 'id'))).toBeGreaterThan(50_000)
      expect(await short.with({ once: 'id' }).incr('n')).toBe(1)
      expect(await admin.pttl(receiptName('n', 'id'))).toBeGreaterThan(50_000)
    })

    it('of bytes that arrive later: nothing runs', async () => {
      const client = await ready({ onceTtl: 300 })
      const bytes: Buffer[] = []
      proxy.onRequest = (chunk) => {
        bytes.push(chunk)
        return { do: 'pass' }
      }
      expect(await client.with({ once: true }).incr('n')).toBe(1)
      const name = receiptName('n', '')
      while ((await admin.call<string[]>('KEYS', `${name}*`)).length > 0)
        await new Promise((done) => setTimeout(done, 20))
      // A middlebox sends what it held.
      const replies = await deliver(server.port, Buffer.concat(bytes))
      expect(replies).toMatch(/^-ONCE_LATE /)
      expect(await admin.get('n')).toBe('1')
    })

    it('of a call that waited longer for a connection: it is not sent again', async () => {
      const client = await ready({ onceTtl: 200, queueTimeout: 0, reconnect: () => 400 })
      loseNextReply()
      const error = await failure(client.with({ once: true }).incr('n'))
      expect(error).toMatchObject({ name: 'TimeoutError', fate: 'unknown', attempts: 1 })
      expect(await admin.get('n')).toBe('1')
    })

    it('of a call that was never sent begins with its first try', async () => {
      const client = await ready({ onceTtl: 200, queueTimeout: 0, reconnect: () => 400 })
      proxy.resetAll()
      await client.get('k').catch(() => {})
      expect(await client.with({ once: true }).incr('n')).toBe(1)
    })
  })

  describe('integers beyond 2^53', () => {
    it('are exact, at the first try and later', async () => {
      const client = open()
      await admin.call('MSET', 'a', '9007199254740991', 'b', '-9007199254740991', 'c', '9223372036854775806')
      await admin.call('HSET', 'h', 'f', '9223372036854775806')
      const onceOnly = client.with({ once: 'id' })
      for (let i = 0; i < 2; i += 1) {
        expect(await onceOnly.call('INCRBY', 'a', 2)).toBe(9_007_199_254_740_993n)
        expect(await onceOnly.call('DECRBY', 'b', 2)).toBe(-9_007_199_254_740_993n)
        expect(await onceOnly.call('INCR', 'c')).toBe(9_223_372_036_854_775_807n)
        expect(await onceOnly.call('HINCRBY', 'h', 'f', 1)).toBe(9_223_372_036_854_775_807n)
      }
      const buffers = client.with({ once: 'id', buffers: true })
      expect(await buffers.call('INCR', 'c')).toBe(9_223_372_036_854_775_807n)
      await admin.set('d', '9007199254740991')
      const transaction = client.with({ once: true }).multi().call('INCRBY', 'd', 2).call('GET', 'd')
      expect(await transaction.exec()).toEqual([9_007_199_254_740_993n, '9007199254740993'])
    })
  })

  describe('a transaction', () => {
    it('whose reply was lost runs once, as a whole', async () => {
      const client = await ready()
      loseNextReply()
      const results = await client.with({ once: true }).multi().incr('n').call('RPUSH', 'l', 'a', 'b').get('n').exec()
      expect(results).toEqual([1, 2, '1'])
      expect([await admin.get('n'), await admin.llen('l')]).toEqual(['1', 2])
    })

    it('with an error within runs the others, and says so each time', async () => {
      await admin.set('s', 'x')
      const onceOnly = (await ready()).with({ once: 'id' })
      for (let i = 0; i < 2; i += 1) {
        const error = await failure(onceOnly.multi().incr('n').incr('s').incr('n').exec())
        expect(error).toMatchObject({ name: 'TransactionError', fate: 'executed' })
        expect(error).toMatchObject({ results: [1, { name: 'ReplyError', fate: 'refused' }, 2] })
      }
      expect(await admin.get('n')).toBe('2')
    })

    it('refused as a whole is a TransactionError, fate refused', async () => {
      const client = await ready()
      await admin.call('CONFIG', 'SET', 'maxmemory', 1)
      try {
        const error = await failure(client.with({ once: true }).multi().incr('n').exec())
        expect(error).toMatchObject({ name: 'TransactionError', fate: 'refused' })
      } finally {
        await admin.call('CONFIG', 'SET', 'maxmemory', 0)
      }
    })
  })

  describe('a script of the user', () => {
    const add = script<unknown>(
      `local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
       if ARGV[2] == 'raise' then error('oops') end
       if ARGV[2] == 'call' then redis.call('LPUSH', KEYS[1], 'x') end
       return {sum, false, {ok = 'FINE'}, 'é', {1, {2}}, 3.9}`,
    )

    it('runs once, and each try has the reply of the one that ran', async () => {
      const client = await ready()
      loseNextReply()
      const onceOnly = client.with({ once: 'id' })
      const reply = [5, null, 'FINE', 'é', [1, [2]], 3]
      expect(await onceOnly.run(add, ['n'], [5])).toEqual(reply)
      expect(await onceOnly.run(add, ['n'], [5])).toEqual(reply)
      expect(await client.run(add, ['m'], [5])).toEqual(reply)
      expect(await admin.get('n')).toBe('5')
    })

    it('that raises an error after its work has that error each time, and did its work once', async () => {
      const onceOnly = (await ready()).with({ once: 'id' })
      for (let i = 0; i < 2; i += 1) {
        expect(await failure(onceOnly.run(add, ['n'], [5, 'raise']))).toMatchObject({ prefix: 'ERR', fate: 'refused' })
        expect(await failure(onceOnly.run(add, ['m'], [5, 'call']))).toMatchObject({
          prefix: 'WRONGTYPE',
          fate: 'refused',
        })
      }
      expect([await admin.get('n'), await admin.get('m')]).toEqual(['5', '5'])
    })

    it('keeps its line numbers, and a shebang its place', async () => {
      const client = await ready()
      const wrong = script('\n\nreturn nothing.here')
      const onceOnly = client.with({ once: true })
      expect((await failure(onceOnly.run(wrong, ['k'], []))).message).toContain('user_script:3:')
      const modern = script<number>("#!lua flags=allow-oom\nreturn redis.call('INCR', KEYS[1])")
      expect(await onceOnly.run(modern, ['n'], [])).toBe(1)
    })

    it('whose reply is nested too deep to be kept has no reply, instead of a part of it', async () => {
      const client = await ready()
      const nested = (levels: number) =>
        script(`redis.call('INCR', KEYS[1]) local reply = 'x' for i = 1, ${levels} do reply = {reply} end return reply`)
      let deepest: unknown = 'x'
      for (let level = 0; level < 16; level += 1) deepest = [deepest]
      for (let i = 0; i < 2; i += 1) {
        expect(await client.with({ once: 'deep' }).run(nested(16), ['n'])).toEqual(deepest)
        const lost = await failure(client.with({ once: 'deeper' }).run(nested(17), ['m']))
        expect(lost).toMatchObject({ prefix: 'ONCE_UNKNOWN', fate: 'unknown' })
      }
      expect([await admin.get('n'), await admin.get('m')]).toEqual(['1', '1'])
    })

    it('that raises something without text has an error that each try gets', async () => {
      const client = await ready()
      for (const raised of ['{err = {}}', '{err = cjson.null}', '{}', 'cjson.null']) {
        const made = script(`redis.call('INCR', KEYS[1]) error(${raised})`)
        const tries = [1, 2].map(() => failure(client.with({ once: raised }).run(made, ['n'])))
        const [first, second] = await Promise.all(tries)
        expect([first, second], raised).toMatchObject(Array(2).fill({ prefix: 'ERR', fate: 'refused' }))
        expect(second?.message).toBe(first?.message)
      }
      expect(await admin.get('n')).toBe('4')
    })

    it('that calls redis.setresp has the same reply at each try', async () => {
      const client = await ready()
      for (const [source, reply] of [
        ['return nil', null],
        ['return false', null],
        ['return true', 1],
        ['return {map = {a = 1}}', protocol === 3 ? { a: 1 } : ['a', 1]],
      ] as const) {
        const made = script(`redis.setresp(3) ${source}`)
        for (let i = 0; i < 2; i += 1)
          expect(await client.with({ once: source }).run(made, ['k']), source).toEqual(reply)
      }
    })

    it('returns all its shapes as without once', async () => {
      const client = await ready()
      for (const source of [
        'return nil',
        'return false',
        'return true',
        'return {}',
        'return {1, nil, 3}',
        "return {err = 'CUSTOM text'}",
        "return {1, {err = 'CUSTOM text'}}",
        "return redis.error_reply('ERR text')",
        "return 'a\\0b'",
        'return -1.5',
        'return {{}, {{}}, false}',
        'return cjson.null',
        'return {1, cjson.null, 3}',
        'return {{1, function() end, 3}, 4}',
        'return {1, coroutine.create(function() end), 3}',
        'return {map = {a = cjson.null, b = 1}}',
        'return {map = {[cjson.null] = 1}}',
        'return {map = {[{1, cjson.null, 2}] = 3}}',
        'return {[function() end] = 1, 2}',
      ]) {
        const made = script(source)
        const settled = (c: Pick<Client, 'run'>) => c.run(made, ['k']).catch((error: Error) => error.message)
        const plain = await settled(client)
        expect(await settled(client.with({ once: source })), source).toEqual(plain)
        expect(await settled(client.with({ once: source })), source).toEqual(plain)
      }
    })
  })

  describe('receipts', () => {
    it('are found by id and key, or by the error of the call, or not at all', async () => {
      const client = await ready()
      expect(await client.receipt('id', 'n')).toEqual({ found: false })
      await client.with({ once: 'id' }).call('HSET', 'h', 'f', 'v')
      expect(await client.receipt('id', 'h')).toEqual({ found: true, reply: 1 })
      await client.call('RPUSH', 'l', 'a', 'b')
      await client.with({ once: 'pop' }).call('LPOP', 'l', 2)
      expect(await client.receipt('pop', Buffer.from('l'))).toEqual({ found: true, reply: ['a', 'b'] })
      const error = await failure(client.get('h'))
      expect(await failure(client.receipt(error as never))).toMatchObject({ code: 'USAGE' })
      expect(await failure(client.receipt(5 as never))).toMatchObject({ code: 'USAGE' })
    })

    it('of a transaction has its results', async () => {
      const client = await ready()
      loseNextReply()
      const onceOnly = client.with({ once: true, retry: 'never' })
      const error = await failure(onceOnly.multi().incr('n').call('HSET', 'h', 'f', 'v').exec())
      expect(await client.receipt(error as never)).toEqual({ found: true, reply: [1, 1] })
    })

    it('of a call that can not run once are refused with the reason', async () => {
      const client = open()
      const onceOnly = client.with({ once: true })
      for (const refused of [onceOnly.blpop('l', 1), onceOnly.multi().incr('n').call('BLPOP', 'l', 1).exec()]) {
        const error = await failure(refused)
        expect(await failure(client.receipt(error as never))).toMatchObject({
          name: 'UsageError',
          fate: 'not-executed',
          message: expect.stringMatching(/^receipt: .*it may block/),
        })
      }
    })

    it('at a key that can not be sent are refused', async () => {
      const client = open()
      await client.with({ once: 'id' }).incr('n')
      for (const key of [['n'], null, true, {}]) {
        const message = expect.stringMatching(/^receipt: argument 2 /)
        expect(await failure(client.receipt('id', key as never))).toMatchObject({ name: 'UsageError', message })
      }
      await client.with({ once: 'id' }).incr('\ufffd')
      for (const [id, key] of [['id', '\ud800'], ['\ud800', 'n'], ['\ud800']] as [string, string?][]) {
        const message = "receipt: half of a surrogate pair can't be sent"
        expect(await failure(client.receipt(id, key))).toMatchObject({ name: 'UsageError', message })
      }
    })

    it('of a call whose reply is beyond 2^53 have it as a bigint', async () => {
      const client = await ready()
      await admin.set('n', '9007199254740993')
      const error = await failure(client.with({ once: true }).incr('n'))
      expect(error).toMatchObject({ code: 'INTEGER_TOO_LARGE' })
      expect(await client.receipt(error as never)).toEqual({ found: true, reply: 9_007_199_254_740_994n })
    })

    it('of a call that did not run there is none', async () => {
      const client = await ready()
      proxy.onRequest = () => resetAfter(0)
      const error = await failure(client.with({ once: true, retry: 'never', timeout: 1_000 }).incr('n'))
      proxy.onRequest = () => ({ do: 'pass' })
      expect(error).toMatchObject({ fate: 'unknown' })
      expect(await client.receipt(error as never)).toEqual({ found: false })
    })
  })
})

/** Sends bytes on a new connection. @returns the first reply */
async function deliver(port: number, bytes: Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  const [data] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return data.toString()
}
