import { execFile } from 'node:child_process'
import { lookup as systemLookup } from 'node:dns'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type LookupFunction, type Socket } from 'node:net'
import { pathToFileURL } from 'node:url'
import { inspect, promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../src/client.js'
import { createClient as createCoreClient } from '../src/core.js'
import type { ClientOptions } from '../src/options/options.js'
import { startServer, type TestServer } from './support/server.js'

const run = promisify(execFile)

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

describe('util.inspect', () => {
  it('shows the status, the address and the counters of a client, and no secret', async () => {
    const { hostname, port } = new URL(server.url)
    const client = createClient({ host: hostname, port: Number(port), keyPrefix: 'hidden:' })
    await client.set('hidden', 'hidden')
    const text = inspect(client)
    expect(text).toContain("status: 'ready'")
    expect(text).toContain(`address: '${hostname}:${port}'`)
    expect(text).toContain('inFlight: 0')
    expect(text).not.toContain('hidden')
    await client.close()
    expect(inspect({ client })).toContain('Client {')
    expect(inspect(client)).toContain("status: 'closed'")
  })

  it('never shows a password', () => {
    const url = 'redis://hidden:hidden@localhost'
    const client = createClient(url)
    for (const one of [client, client.with({ timeout: 1 }), createCoreClient(url)]) {
      expect(inspect(one, { depth: 10, showHidden: true })).not.toContain('hidden')
    }
    expect(inspect(client)).toContain("address: 'localhost:6379'")
    client.destroy()
  })
})

describe('duplicate', () => {
  it('makes an independent client with the same options, and those that are given', async () => {
    const client = createClient(server.url, { keyPrefix: 'a:', buffers: true })
    const other = client.duplicate()
    const text = client.duplicate({ buffers: false, keyPrefix: undefined })
    await client.set('k', 'v')
    await client.close()
    expect(await other.get('k')).toEqual(Buffer.from('v'))
    const value: string | null = await text.get('a:k')
    expect(value).toBe('v')
    await Promise.all([other.close(), text.close()])
  })

  it('does not see what became of the objects that the client was made with', async () => {
    const url = new URL(server.url)
    const options: { keyPrefix?: string | undefined; other?: boolean } = { keyPrefix: 'c:' }
    const client = createClient(url, options)
    url.pathname = '/x'
    options.keyPrefix = undefined
    options.other = true
    const other = client.duplicate()
    await other.set('k', 'v')
    expect(await client.get('k')).toBe('v')
    await Promise.all([client.close(), other.close()])
  })

  it('takes another URL instead of the first', async () => {
    const client = createClient('redis://localhost:1', { keyPrefix: 'b:' })
    const other = client.duplicate({ url: server.url })
    expect(await other.set('k', 'v')).toBe('OK')
    client.destroy()
    await other.close()
  })

  /** What the client would connect to, and with which database. */
  const target = (client: { destroy(): void }): unknown => {
    const [, address] = /address: '(.*?)'/.exec(inspect(client)) ?? []
    client.destroy()
    return address
  }

  it('stays at the address if an option that was passed is undefined', () => {
    const client = createClient({ host: 'a', port: 1 }, { host: undefined, port: undefined })
    expect(target(client.duplicate())).toBe('a:1')
    expect(target(createClient({ url: 'redis://b:2' }).duplicate({ url: undefined }))).toBe('b:2')
    expect(target(createClient('redis://b:2', { host: 'c' }).duplicate({ host: undefined }))).toBe('b:2')
  })

  it.each<ClientOptions>([{ host: 'a', port: 1 }, { path: '/a' }, { host: 'a' }, { port: 1 }])(
    'goes to another URL instead of the address %o',
    (first) => {
      expect(target(createClient(first).duplicate({ url: new URL('redis://b:2') }))).toBe('b:2')
      expect(target(createClient(first).duplicate({ url: 'unix:/b' }))).toBe('/b')
      expect(target(createClient(first).duplicate({ url: 'redis://b:2', port: 3 }))).toBe('b:3')
      expect(target(createClient(first).duplicate({ url: 'redis://b:2', path: '/c' }))).toBe('/c')
    },
  )

  it('takes from another URL what it says, and the rest from the client', async () => {
    const options = { username: 'nobody', password: 'wrong', database: 3, clientName: 'a', credentials: undefined }
    const client = createClient({ host: 'absent', tls: false, ...options })
    const said = server.url.replace('//', '//default:any@').replace(/\/?$/, '/5?clientName=b')
    const other = client.duplicate({ url: said, clientName: undefined })
    expect(await other.clientInfo()).toMatch(/ name=b .* db=5 .*user=default/)
    const third = client.duplicate({ url: server.url, username: undefined, password: undefined })
    expect(await third.clientInfo()).toMatch(/ name=a .* db=3 .*user=default/)
    await Promise.all([other.close(), third.close()])
    const provided = createClient({ host: 'a', credentials: () => ({ password: 'p' }) })
    expect(target(provided.duplicate({ url: 'redis://u:p@b:2' }))).toBe('b:2')
    expect(() => createClient({ host: 'a', tls: false }).duplicate({ url: 'rediss://b' })).toThrow('requires TLS')
    for (const one of [client, provided]) one.destroy()
  })

  it('checks the options', () => {
    const client = createClient({ url: server.url })
    expect(() => client.duplicate({ tiemout: 1 } as never)).toThrow('unknown option tiemout')
    // A string and a Buffer have numbered properties, and null has none.
    for (const wrong of ['redis://127.0.0.1', Buffer.from('x'), null, 1]) {
      expect(() => client.duplicate(wrong as never)).toThrow('invalid options: expected a plain object')
    }
    client.destroy()
  })
})

describe('how to connect', () => {
  it('lookup finds the addresses, of the family that is asked for', async () => {
    const asked: unknown[] = []
    const lookup: LookupFunction = (host, options, done) => {
      asked.push([host, options.family])
      systemLookup('127.0.0.1', options as object, done as never)
    }
    const port = Number(new URL(server.url).port)
    const client = createClient({ host: 'cache.invalid', port, family: 4, lookup })
    expect(await client.ping()).toBe('PONG')
    expect(asked).toEqual([['cache.invalid', 4]])
    await client.close()
  })

  it.each([
    ['lookup', (lookup: LookupFunction) => ({ lookup })],
    ['tls.lookup', (lookup: LookupFunction) => ({ tls: { lookup } })],
  ])('%s may destroy the client that connects', async (_, optionsWith) => {
    const peers: Socket[] = []
    const peer = createServer((socket) => peers.push(socket)).listen(0, '127.0.0.1')
    await once(peer, 'listening')
    const { port } = peer.address() as AddressInfo
    const lookup: LookupFunction = (_host, _options, done) => {
      client.destroy()
      done(null, '127.0.0.1', 4)
    }
    const client = createClient({ host: 'cache.invalid', port, family: 4, ...optionsWith(lookup) })
    await expect(client.ping()).rejects.toMatchObject({ name: 'ClientClosedError', fate: 'not-executed' })
    // A connection that the client opened after that would be accepted before this one.
    const last = connect(port, '127.0.0.1')
    while (!peers.some(({ remotePort }) => remotePort === last.localPort)) await once(peer, 'connection')
    expect(peers).toHaveLength(1)
    last.destroy()
    peer.close()
  })

  const fault: unknown = 'no resolver'
  it.each<[string, (done: (error: never) => void) => unknown]>([
    [
      'throw',
      () => {
        throw new Error('no resolver')
      },
    ],
    [
      'throw what is no Error',
      () => {
        throw fault
      },
    ],
    ['reject', () => Promise.reject(new Error('no resolver'))],
    ['pass on what is no Error', (done) => done(fault as never)],
  ])('lookup may %s', async (_, fail) => {
    const lookup: LookupFunction = (_host, _options, done) => fail(done as never) as never
    const client = createClient({ host: 'cache.invalid', lookup, connectDeadline: 100 })
    const error = await client.ping().catch((reason: Error) => reason)
    expect(error).toMatchObject({ code: 'CONNECT_FAILED', fate: 'not-executed', cause: expect.any(Error) })
    expect(String(error)).toContain('no resolver')
    client.destroy()
  })

  it.each([undefined, null])('lookup may reject with %s, which is no success without addresses', async (reason) => {
    const lookup = (() => Promise.reject(reason)) as unknown as LookupFunction
    const client = createClient({ host: 'cache.invalid', lookup, connectDeadline: 100 })
    await expect(client.ping()).rejects.toMatchObject({ code: 'CONNECT_FAILED', message: /no connection: / })
    client.destroy()
  })

  it.each<[string, unknown[]]>([
    ['an empty list', [null, []]],
    ['nothing at all', []],
  ])('lookup may pass on %s, after a while', async (_, found) => {
    const lookup: LookupFunction = (_host, _options, done) => {
      setImmediate(() => (done as (...found: unknown[]) => void)(...found))
    }
    const client = createClient({ host: 'cache.invalid', lookup, connectDeadline: 100 })
    await expect(client.ping()).rejects.toMatchObject({ code: 'CONNECT_FAILED', fate: 'not-executed' })
    client.destroy()
  })

  it('localAddress is the address to connect from', async () => {
    const here = createClient(server.url, { localAddress: '127.0.0.1' })
    expect(await here.ping()).toBe('PONG')
    await here.close()
    // An address for documentation, which no machine has.
    const nowhere = createClient(server.url, { localAddress: '192.0.2.1', connectDeadline: 100 })
    await expect(nowhere.ping()).rejects.toThrow('EADDRNOTAVAIL')
    await nowhere.close()
  })
})

describe('NODE_DEBUG=respite', () => {
  const program = `
    import { createClient } from '${pathToFileURL('dist/index.js').href}'
    const client = createClient(process.argv[1], { clientName: 'debugged' })
    const id = await client.call('CLIENT', 'ID')
    const admin = client.duplicate()
    await admin.call('CLIENT', 'KILL', 'ID', id)
    await client.set('hidden', 'hidden')
    await Promise.all([client.close(), admin.close()])`
  const debugged = async (value: string): Promise<string> => {
    const args = ['--input-type=module', '-e', program, server.url]
    return (await run(process.execPath, args, { env: { ...process.env, NODE_DEBUG: value } })).stderr
  }

  it('writes the life of connections to stderr, and no keys or values', async () => {
    const text = await debugged('respite')
    expect(text).toMatch(/RESPITE \d+: 127\.0\.0\.1:\d+ event=connecting/)
    expect(text).toMatch(/event=lost connection=1 error=\S.* replayed=\d rejected=\d/)
    expect(text).toContain('event=closed')
    expect(text).not.toContain('hidden')
  })

  it('is off without it', async () => {
    expect(await debugged('other')).toBe('')
  })
})
