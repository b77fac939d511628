import { expect, it } from 'vitest'
import { connectFailure, credentialsLate, isFatal } from '../../../src/connection/wire/connect-failure.js'
import { ConnectError, HandshakeError, ProtocolError } from '../../../src/errors.js'

const withCode = (code: string): Error => Object.assign(new Error('failed'), { code })
const notRun = { fate: 'not-executed' } as const

it.each([
  ['the server closed the connection', undefined, 'the server closed the connection during the handshake'],
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

it.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'])(
  'no other attempt can succeed after TLS failed with %s',
  (code) => {
    const failure = connectFailure(withCode(code))
    expect(failure).toMatchObject({ name: 'HandshakeError', step: 'TLS', fate: 'not-executed' })
    expect(isFatal(failure)).toBe(true)
  },
)

it.each([new ConnectError('late', notRun), new HandshakeError('refused', { ...notRun, step: 'HELLO' })])(
  'an error that already says what it means stays as it is: %s',
  (error) => expect(connectFailure(error)).toBe(error),
)

it('another attempt may succeed when the credentials came too late', () => {
  expect(isFatal(credentialsLate(5_000))).toBe(false)
})
