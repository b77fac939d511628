import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../scripts/free-port.js'
import { createClient as createCore } from '../../src/core.js'
import { type ClientOptions, ConnectError, createClient } from '../../src/index.js'
import { nameOf, sampleOfPrograms, startServer, type TestServer } from '../support/server.js'

const failure = async (options: ClientOptions): Promise<Error> => {
  const client = createClient({ connectDeadline: 1_000, ...options })
  try {
    await client.connect()
  } catch (error) {
    if (error instanceof ConnectError) return error
    throw error
  } finally {
    client.destroy()
  }
  throw new Error('it did connect')
}

describe.each(sampleOfPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer(program)
  })

  afterAll(() => server.stop())

  it('says that TLS was not answered if the port expects none', async () => {
    const { message } = await failure({ url: `rediss://127.0.0.1:${server.port}`, connectTimeout: 300 })
    expect(message).toMatch(/accepted the connection, but did not answer the TLS handshake/)
  })

  it.each([true, false])('tells its name to the server, or not: setInfo %s', async (setInfo) => {
    await using client = createClient({ url: server.url, setInfo })
    const info = String(await client.call('CLIENT', 'INFO'))
    // Servers before 7.2 have no SETINFO.
    expect(/lib-name=respite/.test(info)).toBe(setInfo && info.includes('lib-name='))
  })

  it('connects if there is nothing to tell the server', async () => {
    const options = { url: server.url, protocol: 2, setInfo: false, fence: 'off', connectDeadline: 2_000 } as const
    await using client = createClient(options)
    expect(await client.ping()).toBe('PONG')
    expect(await client.blpop('absent', 0.01)).toBeNull()
    expect(await client.session((session) => session.ping())).toBe('PONG')
    await client.subscribe('news').ready
    await using core = createCore(options)
    expect(await core.call('PING')).toBe('PONG')
  })
})

it('names every address of the host that was tried', async () => {
  const port = await freePort()
  const { message } = await failure({ host: 'localhost', port })
  expect(message).toMatch(new RegExp(`connect ECONNREFUSED \\S+:${port}`))
  expect(message).not.toContain('AggregateError')
})

describe('a peer that accepts connections and says nothing', () => {
  let mute: Server
  let port = 0

  beforeAll(async () => {
    mute = createServer().listen(0, '127.0.0.1')
    await once(mute, 'listening')
    port = (mute.address() as { readonly port: number }).port
  })

  afterAll(() => mute.close())

  it('is told by the step that it did not answer, before a command has waited too long', async () => {
    const client = createClient({ host: '127.0.0.1', port, connectTimeout: 100, queueTimeout: 250 })
    const error = await client.get('k').catch((reason: unknown) => reason)
    client.destroy()
    expect(error).toMatchObject({ code: 'TIMEOUT', fate: 'not-executed' })
    expect(String(error)).toMatch(/accepted the connection, but did not answer HELLO/)
  })
})
