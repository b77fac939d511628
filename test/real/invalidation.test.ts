import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient, type Message } from '../../src/index.js'
import { nameOf, serverPrograms, startServer, type TestServer } from '../support/server.js'

const invalidations = '__redis__:invalidate'

/** Client-side caching: a session tracks keys, and redirects what it is told to the subscriber's connection. */
describe.each(serverPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer(program)
  })
  afterAll(() => server.stop())

  const idOf = async (client: Client): Promise<number> => {
    const list = await client.call<string>('CLIENT', 'LIST', 'TYPE', 'PUBSUB')
    return Number(/^id=(\d+)/.exec(list)?.[1])
  }

  it.each([2, 3] as const)(
    'RESP%i: a subscription is told which keys were invalidated, or that all were',
    async (protocol) => {
      await using client = createClient(server.url, { protocol })
      const subscription = client.subscribe(invalidations)
      const iterator = subscription[Symbol.asyncIterator]()
      const next = async (): Promise<Message> => (await iterator.next()).value
      await subscription.ready
      const id = await idOf(client)
      await client.session(async (session) => {
        await session.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', id)
        await session.get('some:key')
        await client.set('some:key', 1)
        expect(await next()).toEqual({ channel: invalidations, message: '', keys: ['some:key'] })
        await session.get('some:key')
        await client.flushdb()
        expect(await next()).toEqual({ channel: invalidations, message: '', keys: null })
        await client.publish(invalidations, 'by hand')
        expect(await next()).toEqual({ channel: invalidations, message: 'by hand' })
      })
      subscription.close()
      expect(subscription.gaps).toBe(0)
    },
  )
})
