import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultOptions } from '../../src/options/defaults.js'
import type { ClientOptions } from '../../src/options/options.js'
import { resolveCallOptions, resolveOptions } from '../../src/options/resolve.js'

/** Options without type checks, as from JavaScript. */
const untyped = (options: Record<string, unknown>): ClientOptions => options as ClientOptions

function errorOf(run: () => unknown): TypeError {
  try {
    run()
  } catch (error) {
    if (error instanceof TypeError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** All text of an error that could reach a log. */
function everythingIn(error: Error): string {
  return JSON.stringify([error.message, error.stack, error.cause, { ...error }])
}

describe('without options', () => {
  it('all have their defaults', () => {
    const { url: _, ...defaults } = defaultOptions
    expect(resolveOptions()).toEqual(defaults)
    expect(resolveOptions({})).toEqual(defaults)
  })

  it('the defaults have the documented values', () => {
    expect(resolveOptions()).toMatchObject({
      host: 'localhost',
      port: 6379,
      database: 0,
      protocol: 3,
      setInfo: true,
      keyPrefix: '',
      retry: 'idempotent',
      maxAttempts: 3,
      timeout: 0,
      queueTimeout: 5_000,
      stallTimeout: 10_000,
      pingInterval: 30_000,
      connectTimeout: 3_000,
      connectDeadline: 10_000,
      reconnect: { baseDelay: 50, maxDelay: 2_000, maxAttempts: Infinity },
      offline: 'queue',
      maxQueued: 100_000,
      maxQueuedBytes: 67_108_864,
      blocking: { maxConnections: 16, idleTimeout: 30_000, acquireTimeout: 5_000 },
      keepAlive: 30_000,
      family: 0,
      buffers: false,
      maps: 'object',
      sets: 'array',
      integers: 'number',
      traceArguments: false,
    })
  })

  it('undefined counts as omitted, also inside groups and with a URL', () => {
    const blanks = Object.fromEntries(Object.keys(defaultOptions).map((name) => [name, undefined]))
    expect(resolveOptions(blanks)).toEqual(resolveOptions())
    expect(resolveOptions({ blocking: { idleTimeout: undefined } })).toEqual(resolveOptions())
    expect(resolveOptions('redis://h?timeout=9', { host: undefined, timeout: undefined })).toMatchObject({
      host: 'h',
      timeout: 9,
    })
  })
})

describe('options', () => {
  it('replace the defaults, in groups individually', () => {
    const resolved = resolveOptions({
      port: 7000,
      reconnect: { maxDelay: 9 },
      blocking: { maxConnections: 2 },
      limits: { depth: 4 },
    })
    expect(resolved.port).toBe(7000)
    expect(resolved.reconnect).toEqual({ baseDelay: 50, maxDelay: 9, maxAttempts: Infinity })
    expect(resolved.blocking).toEqual({ maxConnections: 2, idleTimeout: 30_000, acquireTimeout: 5_000 })
    expect(resolved.limits).toEqual({ ...defaultOptions.limits, depth: 4 })
  })

  it('in the second argument override the first', () => {
    expect(resolveOptions({ host: 'a', port: 1 }, { host: 'b' })).toMatchObject({ host: 'b', port: 1 })
  })

  it('may set reconnect to a function or false', () => {
    const decide = (): false => false
    expect(resolveOptions({ reconnect: decide }).reconnect).toBe(decide)
    expect(resolveOptions({ reconnect: false }).reconnect).toBe(false)
  })

  it('may set TLS in three ways', () => {
    expect(resolveOptions({ tls: true }).tls).toEqual({})
    expect(resolveOptions({ tls: { servername: 's' } }).tls).toEqual({ servername: 's' })
    // As everywhere, undefined counts as omitted: TLS would take it for a value.
    const { tls } = resolveOptions({ tls: { servername: undefined, ca: 'c' } as object })
    expect(Object.keys(tls ?? {})).toEqual(['ca'])
    expect(resolveOptions({ tls: false }).tls).toBeUndefined()
  })

  it('a user without password is authenticated with an empty one, not as the default user', () => {
    expect(resolveOptions({ username: 'u' })).toMatchObject({ username: 'u', password: '' })
  })

  it('an empty password without a user counts as none', () => {
    expect(resolveOptions({ password: '' }).password).toBeUndefined()
  })

  it('keep a credentials provider unchanged', () => {
    const credentials = (): { password: string } => ({ password: 'p' })
    expect(resolveOptions({ credentials }).credentials).toBe(credentials)
  })
})

describe('the result', () => {
  it('is frozen, including its groups', () => {
    const resolved = resolveOptions({ tls: {}, reconnect: { baseDelay: 1 }, blocking: {}, limits: {} })
    for (const part of [resolved, resolved.tls, resolved.reconnect, resolved.blocking, resolved.limits]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  it('does not change with its input, and does not freeze it', () => {
    const given = { tls: { servername: 'a' }, blocking: { maxConnections: 2 } }
    const resolved = resolveOptions(given)
    given.tls.servername = 'b'
    given.blocking.maxConnections = 3
    expect(resolved.tls?.servername).toBe('a')
    expect(resolved.blocking.maxConnections).toBe(2)
  })
})

describe('a wrong option throws a TypeError that names it', () => {
  it.each([
    ['hots', { hots: 'h' }],
    ['constructor', { constructor: 'h' }],
    ['unheard', { unheard: undefined }],
    ['blocking.size', { blocking: { size: 3 } }],
    ['reconnect.delay', { reconnect: { delay: 3 } }],
    ['limits.width', { limits: { width: 3 } }],
    ['signal', { signal: new AbortController().signal }],
  ])('unknown: %s', (name, options) => {
    const { message } = errorOf(() => resolveOptions(untyped(options)))
    expect(message).toMatch(new RegExp(`^unknown option ${name}: .*[tT]he options are \\w+`))
  })

  it.each<[string, readonly unknown[]]>([
    ['url', [1, {}, true]],
    ['host', ['', 1, null]],
    ['port', [0, 65_536, 1.5, '6379', Number.NaN, -1]],
    ['path', ['', 1]],
    ['tls', ['yes', 1, [], null, { host: 'h' }, { port: 1 }, { path: '/p' }, { socket: {} }]],
    ['username', [1, null]],
    ['password', [1, null]],
    ['credentials', [{ password: 'p' }, 'p']],
    ['database', [-1, 0.5, '0']],
    ['clientName', ['', 'two words', 'new\nline', 'é']],
    ['protocol', [1, 4, '3']],
    ['keyPrefix', [1, null]],
    ['retry', ['sometimes', true, 3]],
    ['maxAttempts', [0, 1.5, -1, '3']],
    ['timeout', [-1, Number.NaN, Infinity, 2 ** 31, '5', null]],
    ['queueTimeout', [-1, Infinity]],
    ['stallTimeout', [-1, Infinity]],
    ['pingInterval', [-1, Infinity]],
    ['connectTimeout', [0, -1, Infinity]],
    ['connectDeadline', [0, -1, Infinity]],
    ['reconnect', [true, 5, null, [], new Map(), new Date()]],
    ['offline', ['wait', true]],
    ['maxQueued', [0, -1, 1.5]],
    ['maxQueuedBytes', [0, -1, 1.5]],
    ['blocking', [1, true, null, [], new Map([['maxConnections', 1]])]],
    ['limits', [1, true, null, [], new Map()]],
    ['keepAlive', [0, 999, 32_767_001, true]],
    ['family', [1, '4', null]],
    ['lookup', ['dns', {}, null]],
    ['tls', [1, 'true', null, [], new Map([['ca', 'c']]), Buffer.from('certificate'), new Date(), { servername: 5 }]],
    ['localAddress', ['', 'localhost', 4]],
    ['buffers', [0, 'true']],
    ['maps', ['array', true]],
    ['sets', ['object', true]],
    ['integers', ['string', 1]],
    ['traceArguments', [1, 'false']],
  ])('invalid: %s', (name, values) => {
    for (const value of values) {
      const { message } = errorOf(() => resolveOptions(untyped({ [name]: value })))
      expect(message).toMatch(new RegExp(`^invalid option ${name}: expected .+; got .+`))
    }
  })

  it.each<[string, object]>([
    ['reconnect.baseDelay', { reconnect: { baseDelay: 0 } }],
    ['reconnect.maxDelay', { reconnect: { maxDelay: 2 ** 31 } }],
    ['reconnect.maxAttempts', { reconnect: { maxAttempts: 0 } }],
    ['blocking.maxConnections', { blocking: { maxConnections: 0 } }],
    ['blocking.idleTimeout', { blocking: { idleTimeout: 0 } }],
    ['blocking.acquireTimeout', { blocking: { acquireTimeout: -1 } }],
    ...Object.keys(defaultOptions.limits).map((name): [string, object] => [
      `limits.${name}`,
      { limits: { [name]: 0 } },
    ]),
  ])('invalid in its group: %s', (name, options) => {
    expect(errorOf(() => resolveOptions(options)).message).toMatch(new RegExp(`^invalid option ${name}: expected`))
  })

  it('for every option there is', () => {
    const bad = Symbol('suits no option')
    for (const name of Object.keys(defaultOptions)) {
      expect(errorOf(() => resolveOptions(untyped({ [name]: bad }))).message).toContain(`option ${name}: expected`)
    }
  })

  it.each<[string, ClientOptions]>([
    ['path', { path: '/s', host: 'h' }],
    ['path', { path: '/s', port: 1 }],
    ['credentials', { credentials: () => ({ password: 'p' }), username: 'u' }],
    ['credentials', { credentials: () => ({ password: 'p' }), password: 'p' }],
    ['tls', { url: 'rediss://h', tls: false }],
  ])('excluding another: %s in %o', (name, options) => {
    expect(errorOf(() => resolveOptions(options)).message).toMatch(new RegExp(`^invalid option ${name}: expected`))
  })

  it.each([[null], [1], [true], [['redis://h']], [new Map()], [() => {}]])('%o in place of the options', (value) => {
    for (const run of [() => resolveOptions(value as never), () => resolveOptions({}, value as never)]) {
      expect(errorOf(run).message).toMatch(/^invalid options: expected/)
    }
  })

  it('but an object from another realm, or without a prototype, is accepted', () => {
    expect(resolveOptions(runInNewContext('({ port: 7000 })')).port).toBe(7000)
    expect(resolveOptions(Object.assign(Object.create(null), { port: 7000 })).port).toBe(7000)
  })

  it('a URL given twice', () => {
    expect(errorOf(() => resolveOptions('redis://a', { url: 'redis://b' })).message).toContain('option url')
  })

  it('never shows a string, which may be a secret in the wrong place', () => {
    const anyText = ['keyPrefix', 'username', 'oncePrefix']
    const names = Object.keys(defaultOptions).filter((name) => !anyText.includes(name))
    for (const name of names) {
      for (const secret of ['hunter2 hunter2', ['hunter2'], { socket: 'hunter2', unheard: 'hunter2' }]) {
        if (name === 'host' || name === 'path' || name === 'password') if (typeof secret === 'string') continue
        expect(everythingIn(errorOf(() => resolveOptions(untyped({ [name]: secret }))))).not.toContain('hunter2')
      }
    }
    expect(everythingIn(errorOf(() => resolveOptions(untyped({ password: 271828 }))))).not.toContain('271828')
  })
})

describe('a URL', () => {
  it.each<[string, object]>([
    [
      'redis://',
      { host: 'localhost', port: 6379, database: 0, tls: undefined, username: undefined, password: undefined },
    ],
    ['redis://h', { host: 'h', port: 6379 }],
    ['redis://h:7000/', { host: 'h', port: 7000, database: 0 }],
    ['REDIS://h/3', { host: 'h', database: 3 }],
    ['redis:///3', { host: 'localhost', database: 3 }],
    ['  redis://h/3\n', { host: 'h', database: 3 }],
    ['valkey://h/3', { host: 'h', database: 3, tls: undefined }],
    ['rediss://h', { host: 'h', tls: {} }],
    ['valkeys://h', { host: 'h', tls: {} }],
    ['redis://[::1]:7000', { host: '::1', port: 7000 }],
    ['redis://[2001:db8::1]/1', { host: '2001:db8::1', port: 6379, database: 1 }],
    ['redis://127.0.0.1:7000', { host: '127.0.0.1', port: 7000 }],
    ['redis://u:p@h', { username: 'u', password: 'p', host: 'h' }],
    ['redis://:p@h', { username: undefined, password: 'p' }],
    ['redis://u@h', { username: 'u', password: '' }],
    ['redis://:@h', { username: undefined, password: undefined }],
    ['redis://a%40b:p%2F%3F%23%25%3A@h', { username: 'a@b', password: 'p/?#%:' }],
    ['redis://u:p@ss@h', { password: 'p@ss', host: 'h' }],
    ['redis://u:p:q@h', { username: 'u', password: 'p:q' }],
    ['redis://h?db=4', { database: 4 }],
    ['redis://h?database=4', { database: 4 }],
    ['redis://h?username=u&password=p%26q', { username: 'u', password: 'p&q' }],
    ['unix:/run/r.sock', { path: '/run/r.sock', host: 'localhost', tls: undefined }],
    ['unix:///run/r.sock?db=1', { path: '/run/r.sock', database: 1 }],
    ['redis+unix:/run/a%20b%3F.sock', { path: '/run/a b?.sock' }],
    ['unix://u:p%2F@/run/r.sock', { path: '/run/r.sock', username: 'u', password: 'p/' }],
    ['unix://:p@/run/r@1.sock', { path: '/run/r@1.sock', username: undefined, password: 'p' }],
    ['unix:/r.sock?password=p', { path: '/r.sock', password: 'p' }],
    ['redis://a+b:c+d@h?keyPrefix=e+f', { username: 'a+b', password: 'c+d', keyPrefix: 'e+f' }],
    ['unix:/r.sock?password=a+b', { password: 'a+b' }],
  ])('%j', (url, expected) => {
    expect(resolveOptions(url)).toMatchObject(expected)
    expect(resolveOptions({ url })).toMatchObject(expected)
  })

  it('may be a URL object', () => {
    const expected = { host: 'h', port: 7000, database: 2, password: 'p' }
    expect(resolveOptions(new URL('redis://:p@h:7000/2'))).toMatchObject(expected)
    expect(resolveOptions({ url: new URL('redis://:p@h:7000/2') })).toMatchObject(expected)
    expect(resolveOptions(new URL('unix:/run/r.sock?db=1'))).toMatchObject({ path: '/run/r.sock', database: 1 })
  })

  it('may say Infinity where that is allowed', () => {
    expect(resolveOptions('redis://h?maxQueued=Infinity').maxQueued).toBe(Infinity)
    expect(() => resolveOptions('redis://h?database=Infinity')).toThrow('option database')
  })

  it('may hold string, number and boolean options in its query, which do not decide types', () => {
    const query =
      'clientName=x&protocol=2&setInfo=false&keyPrefix=a%3Ab%20&retry=read&maxAttempts=5&timeout=200&queueTimeout=1&stallTimeout=0' +
      '&pingInterval=0&connectTimeout=7&connectDeadline=8&offline=reject&maxQueued=9&maxQueuedBytes=10&keepAlive=1000&family=6' +
      '&traceArguments=false'
    expect(resolveOptions(`redis://h?${query}`)).toMatchObject({
      clientName: 'x',
      protocol: 2,
      setInfo: false,
      keyPrefix: 'a:b ',
      retry: 'read',
      maxAttempts: 5,
      timeout: 200,
      queueTimeout: 1,
      stallTimeout: 0,
      pingInterval: 0,
      connectTimeout: 7,
      connectDeadline: 8,
      offline: 'reject',
      maxQueued: 9,
      maxQueuedBytes: 10,
      keepAlive: 1_000,
      family: 6,
      traceArguments: false,
    })
  })

  it.each([
    ['redis://h?password=%E9', 'it is not percent-encoded UTF-8'],
    ['unix:/r.sock?password=%E9', 'it is not percent-encoded UTF-8'],
    ['redis://h?password=100%', 'it is not percent-encoded UTF-8'],
    ['redis://:p\ud800@h', 'it is not percent-encoded UTF-8'],
    ['redis://:pa\nss@h', 'it must be scheme://user:password@host:port'],
    ['redis://:pa\tss@h', 'it must be scheme://user:password@host:port'],
    ['redis://h?password=p@q', 'it has an unencoded "@"'],
    ['unix:/r.sock?password=p@q', 'it has an unencoded "@"'],
    ['redis://h?password=p#q', 'it has an unencoded "#"'],
  ])('%j is refused instead of read as something else', (url, message) => {
    expect(() => resolveOptions(url)).toThrow(message)
  })

  it('decodes any user and password that encodeURIComponent encoded', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(
        word,
        word,
        fc.constantFrom('redis://U:P@h/1', 'unix://U:P@/s', 'redis://h?username=U&password=P'),
        (u, p, form) => {
          const url = form.replace('U', () => encodeURIComponent(u)).replace(/P(?=@|$)/, () => encodeURIComponent(p))
          expect(resolveOptions(url)).toMatchObject({ username: u, password: p })
        },
      ),
    )
  })

  it.each([
    ['unheard', 'redis://h?unheard=1'],
    ['constructor', 'redis://h?constructor=1'],
    ['__proto__', 'redis://h?__proto__=1'],
    ['host', 'redis://h?host=g'],
    ['port', 'redis://h?port=1'],
    ['path', 'redis://h?path=/s'],
    ['url', 'redis://h?url=redis:'],
    ['tls', 'redis://h?tls=true'],
    ['credentials', 'redis://h?credentials=x'],
    ['reconnect', 'redis://h?reconnect=false'],
    ['blocking', 'redis://h?blocking=1'],
    ['limits', 'redis://h?limits=1'],
    ['timeout', 'redis://h?timeout=soon'],
    ['timeout', 'redis://h?timeout=-1'],
    ['timeout', 'redis://h?timeout='],
    ['timeout', 'redis://h?timeout=1&timeout=2'],
    ['protocol', 'redis://h?protocol=1'],
    // These decide the types of replies.
    ['buffers', 'redis://h?buffers=true'],
    ['maps', 'redis://h?maps=map'],
    ['sets', 'redis://h?sets=set'],
    ['clientName', 'redis://h?clientName='],
    ['retry', 'redis://h?retry=sometimes'],
    ['database', 'redis://h/1?db=2'],
    ['database', 'redis://h?db=1&database=1'],
    ['database', 'redis://h?db=x'],
    ['password', 'redis://:p@h?password=q'],
    ['port', 'redis://h:0'],
  ])('with a wrong %s throws a TypeError that names it: %s', (name, url) => {
    const { message } = errorOf(() => resolveOptions(url))
    expect(message).toMatch(new RegExp(`^(unknown|invalid) option ${name}: (expected|did you mean|the options)`))
  })

  it.each([
    'hunter2',
    'hunter2:6379',
    'http://u:hunter2@h',
    '//u:hunter2@h',
    'redis:hunter2',
    'redis:/u:hunter2@h',
    'redis://u:hunter2@',
    'redis://u:hunter2@h:99999',
    'redis://u:hunter2@h/one',
    'redis://u:hunter2@h/1/2',
    'redis://u:hunter2@h#x',
    'redis://u:hunter2%@h',
    'redis://u:hunter2%ff@h',
    'redis://u:hunter2@h h',
    'redis://u:1/hunter2@h',
    'redis://u:1?hunter2@h',
    'redis://u:1#hunter2@h',
    'redis://u:1?x=hunter2@h',
    'redis://u:hunter2/x@h',
    'redis://u:hunter2?x@h',
    'redis://u:hunter2#x@h',
    'redis://hunter2/x@h',
    'redis://u:p@h?password=hunter2',
    'redis://h?timeout=hunter2',
    'redis://h?unheard=hunter2',
    'unix:',
    'unix:hunter2.sock',
    'unix://hunter2/run/r.sock',
    'unix://u:hunter2/x@/run/r.sock',
    'unix://u:hunter2?x@/run/r.sock',
    'unix://u:hunter2%@/run/r.sock',
    'unix:/run/r.sock#hunter2',
    'unix:/x?hunter2@/run/r.sock',
  ])("that can't be parsed throws a TypeError without any part of it: %s", (url) => {
    for (const run of [() => resolveOptions(url), () => resolveOptions({ url })]) {
      const error = errorOf(run)
      expect(error.message).toMatch(/option \w+/)
      expect(everythingIn(error)).not.toContain('hunter2')
    }
  })

  it('is accepted, or throws a TypeError, whatever the text', () => {
    const pieces = fc.constantFrom(
      'redis:',
      'unix:',
      '//',
      '/',
      ':',
      '@',
      '?',
      '#',
      '&',
      '=',
      '[',
      ']',
      '%',
      '1',
      'h',
      'db',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        try {
          resolveOptions(parts.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
          expect((error as Error).message).toContain('option')
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('options override a URL', () => {
  const url = 'rediss://u:p@h:7000/3?timeout=200&retry=read'

  it('individually', () => {
    expect(
      resolveOptions(url, { port: 7001, database: 4, password: 'q', timeout: 9, tls: { servername: 's' } }),
    ).toMatchObject({
      host: 'h',
      port: 7001,
      database: 4,
      username: 'u',
      password: 'q',
      timeout: 9,
      retry: 'read',
      tls: { servername: 's' },
    })
  })

  it('a path overrides its host', () => {
    expect(resolveOptions(url, { path: '/s' }).path).toBe('/s')
  })

  it('a host overrides its path', () => {
    expect(resolveOptions('unix:/s', { host: 'h' })).toMatchObject({ host: 'h', path: undefined })
    expect(resolveOptions('unix:/s', { port: 1 })).toMatchObject({ port: 1, path: undefined })
  })

  it('a credentials provider overrides its user and password', () => {
    const credentials = (): { password: string } => ({ password: 'q' })
    expect(resolveOptions(url, { credentials })).toMatchObject({
      credentials,
      username: undefined,
      password: undefined,
    })
  })
})

describe('options of a call', () => {
  const base = resolveOptions({ timeout: 100, retry: 'read', maps: 'map' })

  it('default to those of the client', () => {
    expect(resolveCallOptions({}, base)).toEqual({
      signal: undefined,
      timeout: 100,
      retry: 'read',
      maxAttempts: 3,
      buffers: false,
      maps: 'map',
      sets: 'array',
      integers: 'number',
      raw: false,
    })
  })

  it('replace those of the client or the previous view, individually', () => {
    const { signal } = new AbortController()
    const first = resolveCallOptions({ signal, timeout: 0, buffers: true, retry: undefined }, base)
    const second = resolveCallOptions(
      { retry: 'never', maxAttempts: 1, maps: 'object', sets: 'set', buffers: false, integers: 'bigint', raw: true },
      first,
    )
    expect(first).toEqual({ ...resolveCallOptions({}, base), signal, timeout: 0, buffers: true })
    expect(second).toEqual({
      signal,
      timeout: 0,
      retry: 'never',
      maxAttempts: 1,
      buffers: false,
      maps: 'object',
      sets: 'set',
      integers: 'bigint',
      raw: true,
    })
  })

  it('accept any object that behaves like a signal', () => {
    const signal = { aborted: false, addEventListener() {}, removeEventListener() {} } as unknown as AbortSignal
    expect(resolveCallOptions({ signal }, base).signal).toBe(signal)
  })

  it.each<[string, unknown]>([
    ['signal', {}],
    ['signal', 'abort'],
    ['signal', new AbortController()],
    ['timeout', -1],
    ['retry', 'sometimes'],
    ['maxAttempts', 0],
    ['buffers', 1],
    ['maps', 'set'],
    ['sets', 'map'],
    ['integers', 'string'],
    ['raw', 1],
    ['host', 'h'],
    ['unheard', 1],
  ])('that are wrong throw a TypeError that names them: %s %o', (name, value) => {
    const { message } = errorOf(() => resolveCallOptions(untyped({ [name]: value }) as object, base))
    expect(message).toMatch(new RegExp(`^(unknown|invalid) option ${name}: (expected|did you mean|the options)`))
  })

  it('that are not a plain object throw a TypeError', () => {
    const { signal } = new AbortController()
    for (const given of [signal, null, undefined, 'text', []]) {
      expect(errorOf(() => resolveCallOptions(given as never, base)).message).toMatch(/^invalid options: expected/)
    }
  })
})

describe('docs/options.md', () => {
  const page = readFileSync(new URL('../../docs/options.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([\w.]+)` \|.*$/gm)]
  const documented = new Map(
    rows
      .map((row) => row[0].split('|').map((cell) => cell.trim()))
      .flatMap((cells) => (cells.length === 6 ? [[cells[1], cells[3]]] : [])) as [string, string][],
  )

  it('names every option with its default, and no other', () => {
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(describedDefaults(defaultOptions, '')))
  })

  it('names the options of single calls, and no other', () => {
    const section = /^## Options of single calls$(.*?)^## /ms.exec(page)?.[1] ?? ''
    const cells = [...section.matchAll(/^\| (`.*?`) \|/gm)].map((row) => row[1] ?? '')
    expect(namesIn(cells.join())).toEqual(Object.keys(resolveCallOptions({}, resolveOptions())).sort())
  })

  it('names the options allowed in the query of a URL, and no other', () => {
    const isRefused = (name: string): boolean => {
      try {
        resolveOptions(`redis://h?${name}=`)
        return false
      } catch (error) {
        return /not in the URL|the URL has it twice/.test(String(error))
      }
    }
    const item = /^- The query may hold (.*?)^- /ms.exec(page)?.[1] ?? ''
    expect(namesIn(item)).toEqual(
      Object.keys(defaultOptions)
        .filter((name) => !isRefused(name))
        .sort(),
    )
  })
})

describe('the docstrings of ClientOptions', () => {
  const source = readFileSync(new URL('../../src/options/options.ts', import.meta.url), 'utf8')
  const body = /export interface ClientOptions \{\n(.*?)\n\}/s.exec(source)?.[1] ?? ''
  const docstrings = new Map(
    [...body.matchAll(/\/\*\*(.*?)\*\/\s+readonly (\w+)\?/gs)].map((found) => [found[2], found[1] ?? '']),
  )

  it.each(Object.entries(defaultOptions))('have the default of %s', (name, value) => {
    const docstring = docstrings.get(name) ?? ''
    if (typeof value === 'object') {
      expect(docstring).toBeTruthy()
      return
    }
    const shown =
      value === undefined
        ? 'none'
        : typeof value === 'number' && name !== 'port'
          ? value.toLocaleString('en')
          : String(value)
    expect(docstring.toLowerCase()).toMatch(new RegExp(`default:? [\`']*${shown}`))
  })
})

/** The names in backticks, sorted. */
function namesIn(markdown: string): string[] {
  return [...markdown.matchAll(/`(\w+)`/g)].map((found) => found[1] ?? '').sort()
}

/** The cells that the table must have: each name and its default, groups followed by their members. */
function describedDefaults(options: object, prefix: string): [string, string][] {
  const groups: Record<string, string> = { reconnect: 'backoff', blocking: 'pool', limits: 'limits' }
  return Object.entries(options).flatMap(([name, value]): [string, string][] => {
    const cell = `\`${prefix}${name}\``
    if (typeof value === 'object') return [[cell, groups[name] ?? '?'], ...describedDefaults(value, `${name}.`)]
    return [[cell, value === undefined ? 'none' : `\`${asWritten(value)}\``]]
  })
}

function asWritten(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value !== 'number') return String(value)
  if (value === 6379 || value < 1_000 || value === Infinity) return String(value)
  return value.toLocaleString('en').replaceAll(',', '_')
}
