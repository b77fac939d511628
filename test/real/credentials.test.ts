import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type Credentials, createClient } from '../../src/index.js'
import { startServer, type TestServer } from '../support/server.js'
import { until } from '../support/until.js'

let server: TestServer
let admin: Client
beforeAll(async () => {
  server = await startServer()
  admin = createClient(server.url)
  for (const user of ['first', 'second']) await admin.aclSetuser(user, 'on', `>${user}`, '~*', '&*', '+@all')
})
afterAll(async () => {
  await admin.close()
  await server.stop()
})

/** The users of the connections with this name. */
async function usersOf(name: string): Promise<string[]> {
  const lines = String(await admin.call('CLIENT', 'LIST')).split('\n')
  return lines.filter((line) => line.includes(` name=${name} `)).map((line) => /user=(\S+)/.exec(line)?.[1] ?? '')
}

const credentialsOf = (user: string, expiresAt?: Date): Credentials => ({ username: user, password: user, expiresAt })

describe.each([3, 2] as const)('credentials that end, with RESP%i', (protocol) => {
  it('are replaced in time on every connection, and no command is lost', async () => {
    const name = `expiring-${protocol}`
    let asked = 0
    const client = createClient(server.url, {
      clientName: name,
      protocol,
      retry: 'never',
      credentials: () => {
        asked += 1
        // All connections of the beginning are made with the first.
        return asked <= 3 ? credentialsOf('first', new Date(Date.now() + 1_000)) : credentialsOf('second')
      },
    })
    const heard: string[] = []
    const gaps: unknown[] = []
    const subscription = client.subscribe(name, {
      onMessage: ({ message }) => heard.push(message),
      onGap: (gap) => gaps.push(gap),
    })
    await client.del(name, `${name}:list`)
    await subscription.ready
    const popped = client.blpop(`${name}:list`, 0)
    await until(async () => (await usersOf(name)).length === 3)
    expect(await usersOf(name)).toEqual(['first', 'first', 'first'])

    let calls = 0
    while ((await usersOf(name)).filter((user) => user === 'second').length < 2) {
      const counts = await Promise.all(Array.from({ length: 20 }, () => client.incr(name)))
      calls += 20
      expect(counts.at(-1)).toBe(calls)
    }
    // The connection of the blocking command follows once it is free.
    expect((await usersOf(name)).toSorted()).toEqual(['first', 'second', 'second'])
    await client.rpush(`${name}:list`, 'x')
    expect(await popped).toEqual([`${name}:list`, 'x'])
    await until(async () => (await usersOf(name)).every((user) => user === 'second'))
    await subscription.ready
    await until(async () => (await client.publish(name, 'news')) === 1 && heard.length > 0)
    expect(gaps).toHaveLength(protocol === 3 ? 0 : 1)
    expect(client.stats().lost).toBe(0)
    await client.close()
  })
})

describe('reauthenticate', () => {
  it('takes what the provider returns now', async () => {
    let user = 'first'
    const client = createClient(server.url, { clientName: 'on-demand', credentials: () => credentialsOf(user) })
    await client.subscribe('on-demand').ready
    await client.ping()
    user = 'second'
    await client.reauthenticate()
    expect(await usersOf('on-demand')).toEqual(['second', 'second'])
    await client.close()
  })

  it('rejects if the server refuses, or the provider fails, and the connections stay', async () => {
    let password = 'first'
    const client = createClient(server.url, {
      credentials: () => {
        if (password === '') throw new Error('no secret today')
        return { username: 'first', password }
      },
    })
    await client.ping()
    password = 'wrong'
    await expect(client.reauthenticate()).rejects.toMatchObject({ code: 'HANDSHAKE_FAILED', step: 'AUTH' })
    password = ''
    await expect(client.reauthenticate()).rejects.toMatchObject({ code: 'HANDSHAKE_FAILED', step: 'CREDENTIALS' })
    expect(await client.ping()).toBe('PONG')
    expect(client.stats().lost).toBe(0)
    await client.close()
  })

  it('rejects without credentials and password', async () => {
    const client = createClient(server.url)
    await expect(client.reauthenticate()).rejects.toMatchObject({ code: 'USAGE' })
    await client.close()
  })

  it('does not let a session have a connection with the old credentials', async () => {
    let user = 'first'
    const client = createClient(server.url, { clientName: 'in-session', credentials: () => credentialsOf(user) })
    await client.session(async (session) => {
      await session.multi().incr('n').exec()
      user = 'second'
      await client.reauthenticate()
      expect(await session.aclWhoami()).toBe('first')
    })
    expect(await client.session((session) => session.aclWhoami())).toBe('second')
    await client.close()
  })
})
