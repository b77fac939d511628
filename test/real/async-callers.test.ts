import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { type Client, createClient, script } from '../../src/index.js'
import { startServer, type TestServer } from '../support/server.js'

/** The stack of a rejected command shows the async functions that await it. */

let server: TestServer
let proxy: FaultProxy
let client: Client
beforeAll(async () => {
  server = await startServer()
  proxy = await FaultProxy.start(server.port)
  client = createClient(proxy.url)
})
afterAll(async () => {
  client.destroy()
  await proxy.stop()
  await server.stop()
})

beforeEach(async () => {
  proxy.onReply = () => ({ do: 'pass' })
  await client.flushall()
  await client.set('text', 'x')
})

/** The error of a command that these functions await. */
async function rejection(command: () => Promise<unknown>): Promise<Error> {
  async function loadUser(): Promise<void> {
    await command()
  }
  async function handleRequest(): Promise<void> {
    await loadUser()
  }
  return handleRequest().then(
    () => Promise.reject(new Error('it was not rejected')),
    (error) => error,
  )
}

/** Cuts the link when the next reply is to be sent. */
const cutOnce = (): void => {
  proxy.onReply = () => {
    proxy.onReply = () => ({ do: 'pass' })
    return { do: 'cut', after: 0, how: 'reset' }
  }
}

const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
  'ReplyError of a typed method': () => client.incr('text'),
  'ReplyError of call': () => client.call('INCR', 'text'),
  'ReplyError of a method with options': () => client.with({ buffers: true }).lpop('text'),
  'ReplyError of a script': () => client.run(script('return redis.call("INCR", KEYS[1])'), ['text']),
  'ReplyError of a blocking command': () => client.blpop('text', 1),
  'ReplyError in a session': () => client.session((session) => session.incr('text')),
  'ReplyError in transaction()': () =>
    client.transaction('text', async (session) => session.incr('text').then(() => null)),
  'ReplyError of a call that runs once': () => client.with({ once: true }).incr('text'),
  'TransactionError of multi()': () => client.multi().incr('text').exec(),
  'TransactionError of multi() in a session': () => client.session((session) => session.multi().incr('text').exec()),
  'IntegerTooLargeError of a command': () => client.incrby('count', 2n ** 60n),
  'TimeoutError of a command': () => client.with({ timeout: 5 }).wait(1, 50),
  'TimeoutError of a blocking command': () => client.with({ timeout: 5 }).blpop('none', 0),
  'AbortError of a command': () => client.with({ signal: AbortSignal.timeout(5) }).blpop('none', 0),
  'AbortError of a command aborted before': () => client.with({ signal: AbortSignal.abort() }).get('text'),
  'ConnectionLostError of a command': () => {
    cutOnce()
    return client.with({ retry: 'never' }).incr('count')
  },
  'ConnectionLostError of multi()': () => {
    cutOnce()
    return client.with({ retry: 'never' }).multi().incr('count').exec()
  },
  'SessionLostError of a command': () =>
    client.session((session) => {
      cutOnce()
      return session.incr('count')
    }),
  'ClientClosedError of a command': async () => {
    const closed = createClient(server.url)
    await closed.close()
    return closed.get('text')
  },
}

describe('the stack shows the async functions that await', () => {
  it.each(Object.keys(kinds))('%s', async (kind) => {
    const { name, message, stack } = await rejection(kinds[kind] as () => Promise<unknown>)
    expect(name).toBe(kind.split(' ')[0])
    const [first, ...callers] = String(stack).split('\n')
    expect(first).toBe(`${name}: ${message}`)
    // Vitest's own format leaves out `async`.
    expect(
      callers.filter((line) => /at (async )?(loadUser|handleRequest) .*async-callers\.test\.ts/.test(line)),
    ).toHaveLength(2)
  })
})
