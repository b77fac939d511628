import { expect, it } from 'vitest'
import { connectFailure, connectTimedOut, isFatal, settingsLate } from '../../../src/connection/wire/connect-failure.js'
import { ConnectError, HandshakeError, ProtocolError } from '../../../src/errors.js'

const withCode = (code: string): Error => Object.assign(new Error('failed'), { code })
const notRun = { fate: 'not-executed' } as const

it.each([
  ['the server closed the connection', undefined, 'the server closed the connection during the handshake'],
  ['the server reset the connection', withCode('ECONNRESET'), 'closed the connection during the handshake (failed)'],
  ['the server was gone', withCode('EPIPE'), 'the server closed the connection during the handshake (failed)'],
  ['the system reported an error', withCode('ECONNREFUSED'), 'no connection: failed'],
  ['the error has no text', new Error(''), 'no connection: Error'],
  [
    'the peer is no server',
    new ProtocolError('bad byte', { ...notRun, offset: 0, excerpt: '' }),
    'does not speak RESP',
  ],
])('another attempt may succeed when %s', (_, error, message) => {
  const failure = connectFailure(error)
  expect(failure).toMatchObject({ name: 'ConnectError', fate: 'not-executed' })
  expect(failure.cause).toBe(error)
  expect(failure.message).toContain(message)
  expect(isFatal(failure)).toBe(false)
})

it.each([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'CRL_HAS_EXPIRED',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  // A weak key or signature.
  'UNSPECIFIED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'EPROTO',
])('no other attempt can succeed after TLS failed with %s', (code) => {
  const failure = connectFailure(withCode(code))
  expect(failure).toMatchObject({ name: 'HandshakeError', step: 'TLS', fate: 'not-executed' })
  expect(isFatal(failure)).toBe(true)
})

it.each([new ConnectError('late', notRun), new HandshakeError('refused', { ...notRun, step: 'HELLO' })])(
  'an error that already says what it means stays as it is: %s',
  (error) => expect(connectFailure(error)).toBe(error),
)

it('the error for a host with several addresses names each of them', () => {
  const tried = ['::1', '127.0.0.1'].map((host) => new Error(`connect ECONNREFUSED ${host}:6379`))
  const message = 'no connection: connect ECONNREFUSED ::1:6379; connect ECONNREFUSED 127.0.0.1:6379'
  expect(connectFailure(new AggregateError(tried)).message).toBe(message)
})

it('the error says what the server refused before it closed the connection', () => {
  expect(connectFailure(undefined, 'refused HELLO: -ERR').message).toContain('after it refused HELLO: -ERR')
})

it.each([
  ['TCP', 'not connected within 3000 ms: h:1 did not answer'],
  ['TLS', 'h:1 accepted the connection, but did not answer the TLS handshake: does this port expect TLS?'],
  ['HELLO', 'h:1 accepted the connection, but did not answer HELLO'],
] as const)('the error of an attempt that took too long names the stage: %s', (stage, text) => {
  const error = connectTimedOut(2_999.7, stage, { host: 'h', port: 1, keepAliveDelay: 0 })
  expect(error.message).toContain(text)
  expect(connectTimedOut(1, stage, { host: 'h', port: 1, path: '/s', keepAliveDelay: 0 }).message).toContain('/s ')
})

it('another attempt may succeed when the credentials came too late', () => {
  expect(isFatal(settingsLate('the credentials provider', 5_000))).toBe(false)
})
