import { describe, expect, it } from 'vitest'
import { redirectOf } from '../../src/cluster/redirects.js'
import { lookup, retryClassOf } from '../../src/commands/catalogue.js'
import { positionsOf } from '../../src/commands/key-positions.js'
import { settingsOf } from '../../src/dispatch/configured-request.js'
import { WaitingRequest } from '../../src/dispatch/waiting-request.js'
import { resolveOptions } from '../../src/options/resolve.js'
import { type Argument, ErrorReply } from '../../src/protocol/types.js'

const settings = settingsOf(resolveOptions())

/** A request of a cluster, which follows redirections. */
function redirectable(...args: Argument[]): WaitingRequest {
  const descriptor = lookup(args)
  const wait = descriptor.wait?.(args)
  if (wait === undefined) throw new Error('it never waits')
  const routing = { redirectOf, route: undefined, crossSlot: 'refuse', readFrom: 'master' } as const
  const nothing = (): void => {}
  return new WaitingRequest(nothing, nothing, { ...settings, routing }, { descriptor, args, wait })
}

/** Milliseconds that these arguments may wait at the server; undefined if they never wait. */
function serverWait(...args: Argument[]): number | undefined {
  const descriptor = lookup(args)
  const wait = descriptor.wait?.(args)
  if (wait === undefined) return undefined
  return new WaitingRequest(
    () => {},
    () => {},
    settings,
    { descriptor, args, wait },
  ).serverWait
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

/** A number as each type of argument. */
const forms = (text: string): [string, Argument][] => [
  ['a number', Number(text)],
  ['a bigint', BigInt(text)],
  ['a string', text],
  ['a Buffer', Buffer.from(text)],
  ['a Uint8Array', bytes(text)],
  ['a part of a Uint8Array', new Uint8Array(Buffer.from(`9${text}9`)).subarray(1, 1 + text.length)],
]

describe('the wait of a blocking command is read alike from', () => {
  it.each(forms('2'))('%s', (_, two) => {
    expect(serverWait('BLPOP', 'k', two)).toBe(2_000)
    expect(serverWait('BLMPOP', two, 1, 'k', 'LEFT')).toBe(2_000)
    expect(serverWait('XREAD', 'BLOCK', two, 'STREAMS', 's', '$')).toBe(2)
    expect(serverWait('WAIT', 1, two)).toBe(2)
  })

  it.each(forms('0'))('%s, which sets no limit', (_, zero) => {
    expect(serverWait('BLPOP', 'k', zero)).toBe(Number.POSITIVE_INFINITY)
    expect(serverWait('XREADGROUP', 'GROUP', 'g', 'me', 'BLOCK', zero, 'STREAMS', 's', '>')).toBe(Infinity)
  })

  it('a fraction, an exponent and other text, as servers read them', () => {
    expect(serverWait('BLPOP', 'k', bytes('0.5'))).toBe(500)
    expect(serverWait('BLPOP', 'k', '1e-1')).toBe(100)
    expect(serverWait('BLPOP', 'k', 'soon')).toBe(0)
    expect(serverWait('BLPOP', 'k', bytes('soon'))).toBe(0)
  })
})

it.each(forms('2'))('the number of keys is read alike from %s', (_, two) => {
  const args = ['ZUNION', two, 'a', 'b', 'WITHSCORES'] as const
  const { keys } = lookup(args)
  expect(keys === 'unknown' ? [] : positionsOf(keys, args)).toEqual([2, 3])
})

it('tokens are read alike from text and bytes', () => {
  expect(retryClassOf(lookup(['SET']), ['SET', 'k', 'v', bytes('nx')])).toBe('unsafe')
  expect(serverWait('XREAD', bytes('block'), 5, bytes('streams'), 's', '$')).toBe(5)
})

describe('A redirection', () => {
  const redirections = [
    'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
    "READONLY You can't write against a read only replica.",
    'CLUSTERDOWN The cluster is down',
    'TRYAGAIN Multiple keys request during rehashing of slot',
    'MOVED 1 10.0.0.1:7000',
    'ASK 1 10.0.0.1:7000',
  ].map((text) => new ErrorReply(text))

  it.each([
    ['WAIT', 1, 100],
    ['WAITAOF', 1, 1, 100],
    ['SHUTDOWN', 'NOSAVE'],
  ])('is the reply to %s, which concerns the connection that it was sent on', (...args) => {
    const request = redirectable(...args)
    for (const reply of redirections) expect(request.refusedForNow(reply), reply.message).toBeUndefined()
    expect(request.refusedForNow(new ErrorReply('LOADING x'))).toMatchObject({ retry: 'later' })
  })

  it('moves BLPOP to another node', () => {
    const request = redirectable('BLPOP', 'k', 1)
    for (const reply of redirections) expect(request.refusedForNow(reply)?.redirect, reply.message).toBeDefined()
  })
})
