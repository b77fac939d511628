import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, expectTypeOf, it, vi } from 'vitest'
import * as errors from '../src/errors.js'
import { withoutArguments } from '../src/protocol/quoted-arguments.js'

const {
  AbortError,
  ClientClosedError,
  ConnectError,
  ConnectionLostError,
  HandshakeError,
  ProtocolError,
  prefixOf,
  QueueFullError,
  ReplyError,
  RespiteError,
  SessionLostError,
  TimeoutError,
  TransactionError,
  UsageError,
} = errors

type Errors = typeof errors

/** One error of every class, created by one copy of the module. */
function oneOfEach(copy: Errors): Record<string, errors.RespiteError> {
  const details = { fate: 'unknown', command: 'GET', attempts: 2 } as const
  return {
    RespiteError: new copy.RespiteError('m', details),
    ReplyError: new copy.ReplyError('WRONGTYPE m', { command: 'GET', attempts: 2 }),
    TransactionError: new copy.TransactionError('m', { ...details, results: [1] }),
    IntegerTooLargeError: new copy.IntegerTooLargeError('m', { ...details, value: 2n ** 60n }),
    ConnectError: new copy.ConnectError('m', details),
    HandshakeError: new copy.HandshakeError('m', { ...details, step: 'AUTH' }),
    ConnectionLostError: new copy.ConnectionLostError('m', details),
    RedirectError: new copy.RedirectError('m', details),
    PartialError: new copy.PartialError('m', { ...details, parts: [{ keys: ['k'], value: 1 }] }),
    AbortError: new copy.AbortError('m', details),
    TimeoutError: new copy.TimeoutError('m', details),
    QueueFullError: new copy.QueueFullError('m', details),
    ClientClosedError: new copy.ClientClosedError('m', details),
    SessionLostError: new copy.SessionLostError('m', details),
    ProtocolError: new copy.ProtocolError('m', { ...details, offset: 7, excerpt: '\\x00' }),
    UsageError: new copy.UsageError('m', details),
  }
}

const classes = Object.entries(errors).filter(
  (entry): entry is [string, typeof RespiteError] =>
    typeof entry[1] === 'function' && (entry[1] as { prototype?: unknown }).prototype instanceof Error,
)
const instances = oneOfEach(errors)

describe('every error', () => {
  it('is listed here', () => {
    expect(Object.keys(instances).sort()).toEqual(classes.map(([name]) => name).sort())
  })

  it.each(classes)('%s has its name on the prototype, where minifiers do not change it', (name, errorClass) => {
    expect(Object.getOwnPropertyDescriptor(errorClass.prototype, 'name')?.value).toBe(name)
    expect(instances[name]?.name).toBe(name)
    expect(instances[name]?.stack).toMatch(new RegExp(`^${name}: `))
  })

  it.each(Object.entries(instances))('%s has fate, command and attempts', (name, error) => {
    expect(error).toMatchObject({ fate: name === 'ReplyError' ? 'refused' : 'unknown', command: 'GET', attempts: 2 })
  })

  it('has a code that no other class has', () => {
    const codes = Object.values(instances).map((error) => error.code)
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes).toMatchInlineSnapshot(`
      [
        "RESPITE",
        "REPLY_ERROR",
        "TRANSACTION_FAILED",
        "INTEGER_TOO_LARGE",
        "CONNECT_FAILED",
        "HANDSHAKE_FAILED",
        "CONNECTION_LOST",
        "TOO_MANY_REDIRECTS",
        "PARTIAL",
        "ABORT_ERR",
        "TIMEOUT",
        "QUEUE_FULL",
        "CLIENT_CLOSED",
        "SESSION_LOST",
        "PROTOCOL_ERROR",
        "USAGE",
      ]
    `)
  })

  it('keeps its cause, even null, and has none by default', () => {
    const cause = new Error('reset')
    expect(new ConnectionLostError('m', { fate: 'unknown', cause }).cause).toBe(cause)
    expect(new AbortError('m', { fate: 'unknown', cause: null }).cause).toBeNull()
    expect('cause' in new ConnectError('m', { fate: 'not-executed' })).toBe(false)
  })

  it.each([ConnectError, HandshakeError])(
    'has the cause of the error that it repeats for a command: %s',
    (ErrorClass) => {
      const cause = new Error('connect ECONNREFUSED')
      const details = { fate: 'not-executed', step: 'TLS' } as const
      const repeated = new ErrorClass('GET: m', { ...details, cause: new ErrorClass('m', { ...details, cause }) })
      expect(repeated.cause).toBe(cause)
      expect('cause' in new ErrorClass('GET: m', { ...details, cause: new ErrorClass('m', details) })).toBe(false)
    },
  )

  it('has no command and no attempts by default', () => {
    expect(new ConnectError('m', { fate: 'not-executed' })).toMatchObject({ command: undefined, attempts: 0 })
  })
})

describe('the fields of single classes', () => {
  it('AbortError has the name and code of an abort in Node.js', () => {
    expect(instances.AbortError).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' })
  })

  it('AbortError and TimeoutError have the outcome of a command that was sent', () => {
    const outcome = Promise.resolve('late')
    expect(new AbortError('m', { fate: 'unknown', outcome }).outcome).toBe(outcome)
    expect(new TimeoutError('m', { fate: 'unknown', outcome }).outcome).toBe(outcome)
    expect(new TimeoutError('m', { fate: 'not-executed' }).outcome).toBeUndefined()
  })

  it('ReplyError has fate refused, unless an earlier attempt has another', () => {
    expect(new ReplyError('ERR no', {}).fate).toBe('refused')
    expect(new ReplyError('READONLY no', { fate: 'unknown' }).fate).toBe('unknown')
  })

  it.each([
    ['WRONGTYPE Operation against a key', 'WRONGTYPE'],
    ['NOAUTH', 'NOAUTH'],
    ['ERR2_X y', 'ERR2_X'],
    ['Error in lower case', ''],
    ['', ''],
    ['ERR: no prefix by convention', ''],
  ])('the prefix of %j is %j', (message, prefix) => {
    expect(prefixOf(message)).toBe(prefix)
    expect(new ReplyError(message, {}).prefix).toBe(prefix)
  })

  it('QueueFullError distinguishes a full queue from a disabled one', () => {
    expect(new QueueFullError('m', { fate: 'not-executed' }).code).toBe('QUEUE_FULL')
    expect(new QueueFullError('m', { fate: 'not-executed', code: 'OFFLINE' }).code).toBe('OFFLINE')
  })

  it('TransactionError, HandshakeError, PartialError and ProtocolError have their own fields', () => {
    expect(instances.TransactionError).toMatchObject({ results: [1] })
    expect(instances.HandshakeError).toMatchObject({ step: 'AUTH' })
    expect(instances.PartialError).toMatchObject({ parts: [{ keys: ['k'], value: 1 }] })
    expect(instances.ProtocolError).toMatchObject({ offset: 7, excerpt: '\\x00' })
  })
})

describe('instanceof', () => {
  let otherCopy: Errors
  let strangers: Record<string, errors.RespiteError>

  beforeAll(async () => {
    vi.resetModules()
    otherCopy = await import('../src/errors.js')
    strangers = oneOfEach(otherCopy)
  })

  it('is tested with two copies of the module', () => {
    expect(otherCopy.RespiteError).not.toBe(RespiteError)
    expect(Object.getPrototypeOf(strangers.RespiteError)).not.toBe(RespiteError.prototype)
  })

  it.each(classes)('%s recognizes its own instances, those of another copy, and no other class', (name, errorClass) => {
    for (const source of [instances, strangers]) {
      const recognised = Object.keys(source).filter((key) => source[key] instanceof errorClass)
      expect(recognised).toEqual(name === 'RespiteError' ? Object.keys(source) : [name])
    }
  })

  it('works for classes derived by users, within and across copies', () => {
    class Mine extends otherCopy.TimeoutError {}
    class Yours extends TimeoutError {}
    const mine = new Mine('m', { fate: 'unknown' })
    expect(mine).toBeInstanceOf(Mine)
    expect(mine).toBeInstanceOf(TimeoutError)
    expect(mine).toBeInstanceOf(RespiteError)
    expect(mine).not.toBeInstanceOf(AbortError)
    expect(mine).not.toBeInstanceOf(Yours)
    expect(strangers.TimeoutError).not.toBeInstanceOf(Yours)
    expect(mine.name).toBe('TimeoutError')
  })

  it.each([
    null,
    undefined,
    'text',
    1,
    {},
    new Error('m'),
    new DOMException('m', 'AbortError'),
    RespiteError.prototype,
  ])('is false for %s', (value) => {
    expect(value instanceof RespiteError).toBe(false)
    expect(value instanceof AbortError).toBe(false)
  })

  it('is false, without throwing, for an object that only has the brand', () => {
    const impostor = { [Symbol.for('respite.error')]: null }
    expect((impostor as unknown) instanceof RespiteError).toBe(false)
  })
})

describe('the types', () => {
  it('narrow by instanceof', () => {
    const error = instances.HandshakeError as unknown
    if (!(error instanceof HandshakeError)) throw new Error('not recognised')
    expectTypeOf(error.step).toEqualTypeOf<errors.HandshakeStep>()
    expect(error.step).toBe('AUTH')
  })

  it('narrow by code', () => {
    type Some = errors.ConnectError | errors.TimeoutError | errors.ProtocolError | errors.QueueFullError
    const describeError = (error: Some): string => {
      if (error.code === 'PROTOCOL_ERROR') {
        expectTypeOf(error).toEqualTypeOf<errors.ProtocolError>()
        return `at byte ${error.offset}`
      }
      if (error.code === 'TIMEOUT') expectTypeOf(error).toEqualTypeOf<errors.TimeoutError>()
      return error.code
    }
    expect(describeError(instances.ProtocolError as errors.ProtocolError)).toBe('at byte 7')
    expectTypeOf<errors.AbortError['name']>().toEqualTypeOf<'AbortError'>()
    expectTypeOf<errors.QueueFullError['code']>().toEqualTypeOf<'QUEUE_FULL' | 'OFFLINE'>()
    for (const errorClass of [ClientClosedError, SessionLostError, TransactionError, UsageError, ProtocolError]) {
      expectTypeOf(errorClass.prototype).toExtend<errors.RespiteError>()
    }
  })
})

describe('docs/errors.md', () => {
  const sections = headedSections(readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8'))
  const declarations = classDeclarations(readFileSync(new URL('../src/errors.ts', import.meta.url), 'utf8'))

  it.each(classes)(
    'has a section on %s with its codes, its own fields, its fates, what to do and an example',
    (name) => {
      const section = sections.get(name)
      const { codes, fields } = declarations.get(name) ?? { codes: [], fields: [] }
      expect(section, `a section headed ${name}`).toBeDefined()
      expect(codes.length, 'codes read from the source').toBeGreaterThan(0)
      for (const word of [...codes, ...fields]) expect(section).toContain(`\`${word}\``)
      expect(section).toMatch(/`(not-executed|unknown|executed|refused)`/)
      expect(section).toContain('**What to do**: ')
      expect(section).toContain('```ts')
    },
  )

  it('has no section on a class that does not exist', () => {
    const names = [...sections.keys()].filter((heading) => heading.endsWith('Error'))
    expect(names.sort()).toEqual(classes.map(([name]) => name).sort())
  })

  it('has every code in its table with its class and meaning, and no other', () => {
    const table = sections.get('Error codes') ?? ''
    const listed = [...table.matchAll(/^\| `([A-Z_]+)` \| `(\w+)` \| \S.* \|$/gm)].map((row) => `${row[1]} ${row[2]}`)
    const declared = [...declarations].flatMap(([name, { codes }]) => codes.map((code) => `${code} ${name}`))
    expect(listed.sort()).toEqual(declared.sort())
  })

  it.each([...declarations])('has every fate in the docstring of %s', (name, { fates }) => {
    for (const fate of fates) expect(sections.get(name)).toContain(`\`${fate}\``)
  })
})

function headedSections(markdown: string): Map<string, string> {
  const parts = markdown.split(/^## /m).slice(1)
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')).replaceAll('`', ''), part]))
}

/** The codes, own fields and docstring fates of each class, read from the source. */
function classDeclarations(source: string): Map<string, { codes: string[]; fields: string[]; fates: string[] }> {
  const [first = '', ...parts] = source.split(/^export class /m)
  return new Map(
    parts.map((part, index) => {
      const before = parts[index - 1] ?? first
      const docstring = before.slice(before.lastIndexOf('/**'))
      const fates = docstring.match(/(?<=`)(not-executed|unknown|executed|refused)(?=`)/g) ?? []
      const body = part.slice(0, part.indexOf('\n}'))
      const codes = /readonly code.*$/m.exec(body)?.[0].match(/(?<=')[A-Z_]+(?=')/g) ?? []
      const fields = [...body.matchAll(/^ {2}readonly (\w+)[:?]/gm)].map((field) => field[1] as string)
      return [part.slice(0, part.indexOf(' ')), { codes: [...codes], fields, fates: [...fates] }]
    }),
  )
}

describe('the text of the server', () => {
  it.each([
    [
      "ERR unknown command 'FOO', with args beginning with: 'secret' 'x' ",
      "ERR unknown command 'FOO', with args beginning with: ...",
    ],
    ["ERR can't use 'secret' or \"secret\"", `ERR can't use '...' or "..."`],
    ["NOGROUP No such key 'other'", "NOGROUP No such key 'other'"],
    ['ERR no quotes, secret stays a word', 'ERR no quotes, secret stays a word'],
  ])('%s', (text, shown) => {
    expect(withoutArguments(text, ['secret', Buffer.alloc(10_000_000), 7])).toBe(shown)
  })
})

it('every error can be made JSON, with the bigints of replies as strings, as deep as they are', () => {
  const value = 2n ** 60n
  const tooLarge = new errors.IntegerTooLargeError('x', { fate: 'executed', value })
  expect(JSON.parse(JSON.stringify(tooLarge))).toMatchObject({ code: 'INTEGER_TOO_LARGE', value: String(value) })
  const failed = new errors.TransactionError('x', { fate: 'executed', results: [tooLarge, [value]] })
  expect(JSON.parse(JSON.stringify({ failed }))).toMatchObject({
    failed: { code: 'TRANSACTION_FAILED', fate: 'executed', results: [{ value: String(value) }, [String(value)]] },
  })
})
