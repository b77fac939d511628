import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../scripts/free-port.js'
import { type Client, createClient, RespiteError, script } from '../src/index.js'
import { startServer, type TestServer } from './support/server.js'

/**
 * What people do wrong, as from JavaScript, and what the message must say: what is wrong, where, and what to do. No message has text that
 * was passed as a value.
 */

// biome-ignore lint/suspicious/noExplicitAny: wrong on purpose
type Any = any

const secret = 'sekret'

let server: TestServer
let client: Client
let silent: Server
let http: Server
let closing: Server
beforeAll(async () => {
  server = await startServer()
  client = createClient(server.url)
  silent = createServer(() => {}).listen(0, '127.0.0.1')
  closing = createServer((socket) => socket.once('data', () => socket.resetAndDestroy())).listen(0, '127.0.0.1')
  http = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
    0,
    '127.0.0.1',
  )
})
afterAll(async () => {
  await client.close()
  silent.close()
  http.close()
  closing.close()
  await server.stop()
})

/** What was thrown, or rejected with. */
async function errorOf(run: () => unknown): Promise<Error> {
  try {
    await run()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

function checkForm({ message }: Error): void {
  expect(message).not.toContain(secret)
  expect(message).not.toContain('\n')
  expect(message).not.toMatch(/undefined is not|cannot read|is not iterable|is not a function|\[object/i)
}

describe('options that are misspelt: the nearest name is suggested', () => {
  it.each([
    ['tiemout', 'timeout'],
    ['hots', 'host'],
    ['timeOut', 'timeout'],
    ['conectTimeout', 'connectTimeout'],
    ['connect_timeout', 'connectTimeout'],
    ['pasword', 'password'],
    ['user', 'username'],
    ['dataBase', 'database'],
    ['retries', 'retry'],
    ['maxAttemps', 'maxAttempts'],
    ['keyprefix', 'keyPrefix'],
    ['clientname', 'clientName'],
    ['sentinals', 'sentinels'],
    ['stalltimeout', 'stallTimeout'],
    ['pingIntervall', 'pingInterval'],
    ['maxQueuedByte', 'maxQueuedBytes'],
    ['reconect', 'reconnect'],
    ['localAdress', 'localAddress'],
  ])('%s: %s', async (wrong, right) => {
    const { name, message } = await errorOf(() => createClient({ [wrong]: secret } as Any))
    expect(name).toBe('TypeError')
    expect(message).toMatch(new RegExp(`^unknown option ${wrong}: did you mean ${right}\\? The options are url, `))
    checkForm({ message } as Error)
  })

  it.each([
    [{ blocking: { maxConnection: 1 } }, ': did you mean blocking.maxConnections?'],
    [{ reconnect: { baseDely: 1 } }, ': did you mean reconnect.baseDelay?'],
    [{ limits: { bulkBites: 1 } }, ': did you mean limits.bulkBytes?'],
  ])('%j', async (options, expected) => {
    expect((await errorOf(() => createClient(options as Any))).message).toContain(expected)
  })

  it('nothing is suggested if nothing is near', async () => {
    const { message } = await errorOf(() => createClient({ xyz: 1 } as Any))
    expect(message).toMatch(/^unknown option xyz: the options are url, host/)
    expect(message).not.toContain('did you mean')
  })

  it('of a call, and of a subscription', async () => {
    expect((await errorOf(() => client.with({ singal: 1 } as Any))).message).toContain('did you mean signal?')
    expect((await errorOf(() => client.subscribe('c', { onMesage: 1 } as Any))).message).toContain(
      'did you mean onMessage?',
    )
    expect((await errorOf(() => client.scanIterator({ mach: '*' } as Any).next())).message).toContain('mach')
  })
})

describe('options and URLs with wrong values', () => {
  it.each<[string, unknown, RegExp]>([
    ['a port as text', { port: '6379' }, /option port: expected a whole number from 1 to 65535/],
    ['port 0', { port: 0 }, /option port/],
    ['port 70000', { port: 70_000 }, /option port/],
    ['a negative time limit', { timeout: -1 }, /option timeout: expected milliseconds/],
    ['seconds as text', { timeout: '5s' }, /option timeout/],
    ['NaN', { timeout: Number.NaN }, /option timeout/],
    ['an unknown retry policy', { retry: secret }, /option retry: expected 'never' or 'read'/],
    ['retry as a number', { retry: 3 }, /option retry/],
    ['a database as text', { database: '1' }, /option database/],
    ['a password that is a number', { password: 12_345 }, /option password/],
    ['RESP 4', { protocol: 4 }, /option protocol: expected 3 or 2/],
    ['a client name with a space', { clientName: 'a b' }, /option clientName: expected printable ASCII/],
    ['tls with host', { tls: { host: secret } }, /option tls/],
    ['credentials that are no function', { credentials: { password: secret } }, /option credentials/],
    ['credentials and a password', { credentials: () => ({}), password: secret }, /either credentials, or username/],
    ['a path and a host', { path: '/s', host: 'h' }, /option path/],
    [
      'sentinels without a name',
      { sentinels: [{ host: 'h' }] },
      /option sentinels: expected together with the option name/,
    ],
    ['a name without sentinels', { name: 'm' }, /option name/],
    ['sentinels without members', { sentinels: [], name: 'm' }, /option sentinels/],
    ['a sentinel as text', { sentinels: [secret], name: 'm' }, /option sentinels/],
    ['a Map as options', new Map(), /expected a plain object/],
    ['an array as options', [], /expected a plain object/],
    ['a number as options', 6379, /expected a plain object/],
    ['null as options', null, /expected a plain object/],
  ])('%s', async (_, options, expected) => {
    const error = await errorOf(() => createClient(options as Any))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toMatch(expected)
    checkForm(error)
  })

  it.each<[string, RegExp]>([
    ['localhost:6379', /must begin with redis:\/\//],
    ['http://localhost', /must begin with redis:\/\//],
    [`redis//:${secret}@h`, /must begin with redis:\/\//],
    [`redis://u:${secret}/x@h`, /percent-encode/],
    [`redis://u:${secret}#x@h`, /percent-encode|"#"/],
    [`redis://u:${secret}@h:notaport`, /percent-encode/],
    ['redis://h/one', /database number/],
    [`redis://h?tiemout=${secret}`, /unknown option tiemout: did you mean timeout\?/],
    [`redis://h?timeout=${secret}`, /option timeout: expected milliseconds/],
    ['redis://h?timeout=1&timeout=2', /option timeout: expected it once/],
    ['redis://h?buffers=true', /option buffers: expected in the options object, not in the URL/],
    ['redis://h/1?db=2', /option database: expected it once/],
    ['', /must begin with/],
  ])('the URL %s', async (url, expected) => {
    const error = await errorOf(() => createClient(url))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toMatch(expected)
    checkForm(error)
  })
})

describe('calls that are wrong reject with a UsageError that names the method, and send nothing', () => {
  const all: [string, (c: Any) => unknown, RegExp][] = [
    ['undefined as a value', (c) => c.set('k', undefined), /^set: argument 2 \(undefined\)/],
    ['null as a value', (c) => c.set('k', null), /^set: argument 2 \(null\)/],
    ['an object as a value', (c) => c.set('k', { secret }), /^set: argument 2/],
    ['a Date', (c) => c.set('k', new Date()), /^set: argument 2/],
    ['true', (c) => c.set('k', true), /^set: argument 2/],
    ['NaN', (c) => c.incrby('k', Number.NaN), /^incrby: argument 2/],
    ['a symbol', (c) => c.get(Symbol(secret)), /^get: argument 1/],
    ['a function as a callback', (c) => c.get('k', () => {}), /^get: argument 2/],
    ['a promise', (c) => c.set('k', Promise.resolve(secret)), /^set: argument 2/],
    ['no arguments', (c) => c.get(), /^get: /],
    ['too many', (c) => c.get('k', 'l'), /^get: /],
    ['an empty list of keys', (c) => c.del([]), /^del: /],
    ['no keys', (c) => c.del(), /^del: /],
    ['half a pair', (c) => c.hset('h', 'f'), /^hset: /],
    ['options as of node-redis', (c) => c.set('k', 'v', { EX: 10 }), /^set: argument 3/],
    ['members as of node-redis', (c) => c.zadd('z', { score: 1, value: secret }), /^zadd: argument 2/],
    ['nested lists', (c) => c.mget([['k']]), /^mget: argument 1/],
    ['hset without a value', (c) => c.hset('h', { f: undefined }), /^hset: /],
    ['call without a name', (c) => c.call(), /call/],
    [
      'SELECT on the shared connection',
      (c) => c.call('SELECT', 1),
      /^select: it changes the state of the shared connection: .*option 'database'/,
    ],
    ['WATCH', (c) => c.call('WATCH', 'k'), /^watch: it changes the state of the shared connection/],
    [
      'SUBSCRIBE',
      (c) => c.call('SUBSCRIBE', 'c'),
      /^subscribe: it changes the state of the shared connection: .*subscribe\(\)/,
    ],
    ['AUTH', (c) => c.call('AUTH', secret), /^auth: it changes the state of the shared connection/],
    ['MULTI', (c) => c.call('MULTI'), /^multi: it changes the state of the shared connection: .*multi\(\)/],
    ['MONITOR', (c) => c.call('MONITOR'), /^monitor: it changes the state of the shared connection/],
    [
      'CLIENT REPLY',
      (c) => c.call('CLIENT', 'REPLY', 'OFF'),
      /^clientReply: it changes the state of the shared connection/,
    ],
    ['a session without a function', (c) => c.session(), /^session: argument 1/],
    ['a session with an object', (c) => c.session({}), /^session: argument 1/],
    ['subscribing to nothing', (c) => c.subscribe([]), /^subscribe: expected channels/],
    ['subscribing to a number', (c) => c.subscribe(1), /^subscribe: expected channels/],
    ['several channels without a list', (c) => c.subscribe('a', 'b'), /pass several channels as an array/],
    ['a listener instead of options', (c) => c.subscribe('a', () => {}), /onMessage/],
    ['a script that is text', (c) => c.run('return 1', []), /script/],
    ['keys that are no list', (c) => c.run(script('return 1'), 'k'), /./],
    ['a transaction that is executed twice', (c) => twice(c.multi().incr('n')), /./],
    ['a wrong command in a transaction', (c) => c.multi().set('k').exec(), /set/],
    ['WATCH in a transaction', (c) => c.multi().call('WATCH', 'k').exec(), /^watch: it can't be part of a transaction/],
    ['a receipt of nothing', (c) => c.receipt(), /receipt/],
    ['options of with as text', (c) => c.with(secret), /expected a plain object/],
    ['a signal that is none', (c) => c.with({ signal: {} }), /option signal: expected an AbortSignal/],
    ['a time limit as text', (c) => c.with({ timeout: '1s' }), /option timeout/],
    [
      'a negative time to close',
      (c) => c.duplicate().close({ timeout: -1 }),
      /option timeout: expected milliseconds from 0/,
    ],
    ['a time to close as text', (c) => c.duplicate().close({ timeout: '5' }), /option timeout/],
    ['a time to close without a name', (c) => c.duplicate().close(5_000), /invalid options/],
    ['no options of close', (c) => c.duplicate().close(null), /invalid options/],
    ['a misspelt option of close', (c) => c.duplicate().close({ timout: 5 }), /did you mean timeout/],
    ['no options of a transaction', (c) => c.transaction('k', () => null, null), /invalid options/],
    [
      'a misspelt option of a transaction',
      (c) => c.transaction('k', () => null, { tries: 5 }),
      /The options are maxTries/,
    ],
    ['a number of tries as text', (c) => c.transaction('k', () => null, { maxTries: '5' }), /option maxTries/],
    ['a script that is no text', () => script(5 as Any), /^script: argument 1 must be a string/],
    ['no options of a script', () => script('return 1', null as Any), /invalid options/],
    ['a misspelt option of a script', () => script('return 1', { readonly: true } as Any), /did you mean readOnly/],
  ]

  async function twice(transaction: { exec(): Promise<unknown> }): Promise<unknown> {
    await transaction.exec()
    return transaction.exec()
  }

  it.each(all)('%s', async (_, run, expected) => {
    const error = await errorOf(() => run(client))
    if (!(error instanceof TypeError)) {
      expect(error).toBeInstanceOf(RespiteError)
      expect(error).toMatchObject({ fate: 'not-executed', code: 'USAGE' })
    }
    expect(error.message).toMatch(expected)
    checkForm(error)
  })
})

describe('servers that are not there, or something else', () => {
  const portOf = (one: Server): number => (one.address() as { port: number }).port
  const quick = { connectTimeout: 300, connectDeadline: 400 }

  it.each([
    ['GET', (client: Client) => client.get('k')],
    ['BLPOP', (client: Client) => client.blpop('k', 0)],
  ])('nobody listens, and the time limit of %s ends before the client gives up connecting', async (_, call) => {
    const wrong = createClient(`redis://127.0.0.1:${await freePort()}`, { timeout: 100 })
    const error = await errorOf(() => call(wrong))
    expect(error).toMatchObject({ code: 'TIMEOUT', fate: 'not-executed', cause: { code: 'CONNECT_FAILED' } })
    expect(error.message).toMatch(/not answered within 100 ms, before it was sent .*ECONNREFUSED 127\.0\.0\.1:\d+/)
    wrong.destroy()
  })

  it.each<[string, () => Promise<string> | string, RegExp]>([
    ['nobody listens', async () => `redis://127.0.0.1:${await freePort()}`, /ECONNREFUSED 127\.0\.0\.1:\d+/],
    ['nobody listens at either address', async () => `redis://localhost:${await freePort()}`, /ECONNREFUSED .*:\d+/],
    ['a name that is none', () => 'redis://no.such.host.invalid', /no\.such\.host\.invalid/],
    ['a socket that does not exist', () => 'unix:/no/such.sock', /ENOENT.*\/no\/such\.sock/],
    ['a port that closes', () => `redis://127.0.0.1:${portOf(closing)}`, /closed the connection during the handshake/],
    ['a port that speaks HTTP', () => `redis://127.0.0.1:${portOf(http)}`, /does not speak RESP/],
    ['a port that is silent', () => `redis://127.0.0.1:${portOf(silent)}`, /did not answer HELLO/],
    ['TLS to a silent port', () => `rediss://127.0.0.1:${portOf(silent)}`, /TLS handshake: does this port expect TLS/],
    ['TLS to a plain port', () => server.url.replace('redis:', 'rediss:'), /TLS/],
    ['a user that does not exist', () => server.url.replace('//', `//nobody:${secret}@`), /WRONGPASS/],
    ['a database that does not exist', () => `${server.url}/99999`, /SELECT/],
  ])('%s', async (_, url, expected) => {
    const wrong = createClient(await url(), quick)
    const error = await errorOf(() => wrong.get('k'))
    expect(error).toMatchObject({ fate: 'not-executed', command: 'GET' })
    expect(error.message).toMatch(/^GET: /)
    expect(error.message).toMatch(expected)
    checkForm(error)
    wrong.destroy()
  })

  it('the cause is what the connection failed of: the first bytes of HTTP, the error of the socket', async () => {
    const causes: [string, object][] = [
      [`redis://127.0.0.1:${portOf(http)}`, { name: 'ProtocolError', excerpt: expect.stringContaining('HTTP/1.1') }],
      [`redis://127.0.0.1:${await freePort()}`, { code: 'ECONNREFUSED' }],
    ]
    for (const [url, cause] of causes) {
      const wrong = createClient(url, quick)
      expect(await errorOf(() => wrong.get('k'))).toMatchObject({ code: 'CONNECT_FAILED', cause })
      expect(await errorOf(() => wrong.connect())).toMatchObject({ code: 'CONNECT_FAILED', cause })
      wrong.destroy()
    }
  })

  it('a client that was closed', async () => {
    const closed = createClient(server.url)
    await closed.close()
    for (const run of [() => closed.get('k'), () => closed.connect(), () => closed.blpop('l', 1)]) {
      const error = await errorOf(run)
      expect(error).toMatchObject({ code: 'CLIENT_CLOSED', fate: 'not-executed' })
      expect(error.message).toContain('closed')
    }
  })
})
