import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort } from '../../scripts/free-port.js'
import { createClient, HandshakeError } from '../../src/index.js'
import { selfSigned } from '../support/certificate.js'
import { nameOf, sampleOfPrograms, startServer, type TestServer } from '../support/server.js'

describe.each(sampleOfPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer(program, ['--requirepass', 'secret', '--unixsocket', 'server.sock'])
  })

  afterAll(() => server.stop())

  const options = { host: '127.0.0.1', password: 'secret' } as const

  describe.each([3, 2] as const)('with RESP%i', (protocol) => {
    it('authenticates, also as an ACL user and with a credentials provider', async () => {
      await using admin = createClient({ ...options, port: server.port, protocol })
      await admin.call('ACL', 'SETUSER', 'ada', 'on', '>lovelace', '~*', '+@all')
      await using named = createClient({
        host: '127.0.0.1',
        port: server.port,
        protocol,
        username: 'ada',
        password: 'lovelace',
      })
      expect(await named.call('ACL', 'WHOAMI')).toBe('ada')
      const credentials = async () => ({ username: 'ada', password: 'lovelace' })
      await using asked = createClient({ host: '127.0.0.1', port: server.port, protocol, credentials })
      expect(await asked.call('ACL', 'WHOAMI')).toBe('ada')
    })

    it('rejects a wrong password at once, is then idle, and never shows it', async () => {
      const client = createClient({ host: '127.0.0.1', port: server.port, protocol, password: 'wr0ng' })
      const error = await client.connect().catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(HandshakeError)
      expect(error).toMatchObject({ fate: 'not-executed', code: 'HANDSHAKE_FAILED' })
      expect(String(error)).not.toContain('wr0ng')
      expect(client.status).toBe('idle')
      await expect(client.incr('count')).rejects.toMatchObject({
        name: 'HandshakeError',
        fate: 'not-executed',
        command: 'INCR',
      })
      await client.close()
    })

    it('asks again for credentials that can not be sent, up to its time limits, without an uncaught exception', async () => {
      const credentials = () => ({ password: {} as string })
      const limits = { connectDeadline: 100, queueTimeout: 0, blocking: { acquireTimeout: 100 } }
      await using client = createClient({ host: '127.0.0.1', port: server.port, protocol, credentials, ...limits })
      const cause = { name: 'HandshakeError', step: 'CREDENTIALS' }
      await expect(client.ping()).rejects.toMatchObject({ name: 'ConnectError', cause })
      await expect(client.session((session) => session.ping())).rejects.toMatchObject({ name: 'TimeoutError', cause })
    })

    it('does not wait forever for credentials, and leaves nothing behind', async () => {
      const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
      let hangs = true
      const credentials = () => (hangs ? new Promise<never>(() => {}) : { password: 'secret' })
      const blocking = { maxConnections: 1, acquireTimeout: 200 }
      const limits = { connectTimeout: 50, connectDeadline: 200, queueTimeout: 0, blocking }
      const client = createClient({ host: '127.0.0.1', port: server.port, protocol, credentials, ...limits })
      const late = expect.stringContaining('the credentials provider did not answer within')
      await expect(client.ping()).rejects.toMatchObject({ name: 'ConnectError', fate: 'not-executed', message: late })
      expect(client.status).toBe('idle')
      const session = client.session((each) => each.ping())
      await expect(session).rejects.toMatchObject({ name: 'TimeoutError', fate: 'not-executed', message: late })
      hangs = false
      expect(await client.ping()).toBe('PONG')
      // The pool has room again, after the delay caused by the failures.
      const again = async (): Promise<void> => expect(await client.session((each) => each.ping())).toBe('PONG')
      await vi.waitFor(again, { timeout: 5_000 })
      await client.close()
      hangs = true
      const before = timers()
      const other = createClient({ host: '127.0.0.1', port: server.port, protocol, credentials, ...limits })
      const outcomes = Promise.allSettled([other.ping(), other.session((session) => session.ping())])
      other.destroy()
      await outcomes
      expect(timers()).toBeLessThanOrEqual(before)
    })

    it('calls the provider again if credentials are late', async () => {
      let asked = 0
      const credentials = () => {
        asked += 1
        return asked === 1 ? new Promise<never>(() => {}) : { password: 'secret' }
      }
      const connectTimeout = 50
      await using client = createClient({ host: '127.0.0.1', port: server.port, protocol, credentials, connectTimeout })
      expect(await client.ping()).toBe('PONG')
      expect(asked).toBe(2)
    })

    it('runs no command if SELECT fails: nothing reaches database 0', async () => {
      await using witness = createClient({ ...options, port: server.port })
      const client = createClient({ ...options, port: server.port, protocol, database: 99 })
      const writes = [client.set(`stray-${protocol}`, '1'), client.incr(`stray-${protocol}`)]
      for (const { reason } of (await Promise.allSettled(writes)) as PromiseRejectedResult[]) {
        expect(reason).toMatchObject({ name: 'HandshakeError', step: 'SELECT', fate: 'not-executed' })
      }
      expect(await witness.exists(`stray-${protocol}`)).toBe(0)
      await client.close()
    })
  })

  it('connects through a Unix socket', async () => {
    await using client = createClient({ path: join(server.folder, 'server.sock'), password: 'secret' })
    expect(await client.ping()).toBe('PONG')
  })
})

describe('over TLS', () => {
  let server: TestServer
  let tlsPort: number
  let certificate: string

  beforeAll(async () => {
    tlsPort = await freePort()
    const probe = await startServer()
    certificate = selfSigned(probe.folder).cert
    const tls = ['--tls-port', String(tlsPort), '--tls-auth-clients', 'no']
    const keys = ['--tls-cert-file', join(probe.folder, 'cert.pem'), '--tls-key-file', join(probe.folder, 'key.pem')]
    server = await startServer(undefined, [...tls, ...keys, '--tls-ca-cert-file', join(probe.folder, 'cert.pem')])
    await probe.stop()
  })

  afterAll(() => server.stop())

  it('works with a trusted certificate, also with values larger than a record', async () => {
    await using client = createClient(`rediss://localhost:${tlsPort}`, { tls: { ca: certificate } })
    const large = Buffer.alloc(1_000_000, 'y')
    await client.set('large', large)
    expect((await client.with({ buffers: true }).get('large'))?.equals(large)).toBe(true)
    const replies = await Promise.all(Array.from({ length: 2_000 }, (_, i) => client.echo(`${i}`)))
    expect(replies).toEqual(Array.from({ length: 2_000 }, (_, i) => `${i}`))
  })

  it('rejects an untrusted certificate at once', async () => {
    const client = createClient(`rediss://localhost:${tlsPort}`)
    await expect(client.connect()).rejects.toMatchObject({ name: 'HandshakeError', step: 'TLS', fate: 'not-executed' })
    expect(client.status).toBe('idle')
    await client.close()
  })

  it('asks the user whether the certificate is the right one; if the question throws, the attempt to connect fails', async () => {
    const asked: string[] = []
    const tls = {
      ca: certificate,
      checkServerIdentity: (host: string) => {
        asked.push(host)
        if (asked.length === 1) throw new Error('no pin for this host')
        return undefined
      },
    }
    const client = createClient(`rediss://localhost:${tlsPort}`, { tls })
    const errors: Error[] = []
    client.on('error', (error) => errors.push(error))
    expect(await client.ping()).toBe('PONG')
    expect(errors).toEqual([expect.objectContaining({ code: 'CONNECT_FAILED', fate: 'not-executed' })])
    expect(errors[0]?.message).toContain('no pin for this host')
    expect(asked).toEqual(['localhost', 'localhost'])
    await client.close()
  })
})
