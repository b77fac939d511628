import { describe, expect, it } from 'vitest'
import { Connector } from '../../../src/connection/supervisor/connector.js'
import type { ClientOptions } from '../../../src/index.js'
import { connectorSettings } from '../../support/connector-settings.js'
import { settle } from '../../support/fake-clock.js'

/** Begins an attempt whose steps may take up to 100 ms. */
function begin(options: ClientOptions) {
  const { clock, settings } = connectorSettings(options)
  const connector = new Connector(settings, (given) => ({ ...given, stallTimeout: 7 }))
  const seen: string[] = []
  connector.begin({
    limit: (connectTimeout) => Math.min(connectTimeout, 100),
    onSettings: ({ handshake, connectTimeout, stallTimeout }) =>
      seen.push(`${handshake.password} ${connectTimeout} ${stallTimeout}`),
    onFailed: (error) => seen.push(`${error.name}: ${error.message}`),
  })
  return { clock, connector, seen }
}

describe('a connector', () => {
  it('has settings at once without a credentials provider', () => {
    const { connector, seen } = begin({ password: 'p' })
    expect(seen).toEqual(['p 100 7'])
    expect(connector.pendingCount).toBe(0)
  })

  it('asks the credentials provider for each attempt', async () => {
    let asked = 0
    const { clock, connector, seen } = begin({ credentials: () => ({ password: `p${++asked}` }) })
    expect([asked, connector.pendingCount]).toEqual([0, 1])
    await settle()
    expect(seen).toEqual(['p1 100 7'])
    expect([connector.pendingCount, clock.pending]).toEqual([0, 0])
  })

  it('fails when the provider fails', async () => {
    const { clock, connector, seen } = begin({ credentials: () => Promise.reject(new Error('no vault')) })
    await settle()
    // In another turn of the event loop: an owner that begins again at once must not keep everything else from running.
    expect([seen, connector.pendingCount]).toEqual([[], 1])
    await clock.advance(0)
    expect(seen).toEqual(['HandshakeError: the credentials provider failed: no vault'])
    expect(clock.pending).toBe(0)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['no password', { username: 'u' }],
    ['a password that is no text', { password: 5 }],
    ['a password that can not be encoded', { password: '\ud800' }],
    ['a username that is no text', { username: null, password: 'p' }],
  ])('does not connect as another user when the provider returns %s', async (_, returned) => {
    const { clock, seen } = begin({ credentials: () => returned as { password: string } })
    await settle()
    await clock.advance(0)
    expect(seen).toEqual(['HandshakeError: the credentials provider failed: expected { username?, password } as text'])
  })

  it('gives up a provider that hangs, and ignores what it returns later', async () => {
    const late: ((given: { password: string }) => void)[] = []
    const { clock, connector, seen } = begin({ credentials: () => new Promise((resolve) => late.push(resolve)) })
    await clock.advance(100)
    late[0]?.({ password: 'late' })
    await settle()
    expect(seen).toEqual(['ConnectError: the credentials provider did not answer within 100 ms'])
    expect(connector.pendingCount).toBe(0)
  })

  it('calls nobody after it was cancelled', async () => {
    const { clock, connector, seen } = begin({ credentials: () => ({ password: 'p' }) })
    connector.cancel()
    await clock.advance(1_000)
    expect(seen).toEqual([])
    expect([connector.pendingCount, clock.pending]).toEqual([0, 0])
  })

  it('calls nobody after it was cancelled with a failure to be told', async () => {
    const { clock, connector, seen } = begin({ credentials: () => Promise.reject(new Error('no vault')) })
    await settle()
    connector.cancel()
    await clock.advance(1_000)
    expect([seen, connector.pendingCount, clock.pending]).toEqual([[], 0, 0])
  })
})
