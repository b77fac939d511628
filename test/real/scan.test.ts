import { afterEach, describe, expect, it } from 'vitest'
import { type Client, createClient } from '../../src/index.js'
import { nameOf, sampleOfPrograms, startServer, type TestServer } from '../support/server.js'

/** After a restart, the same cursor stands for another place: a server hashes with another seed. */
const total = 20_000

const fills: Readonly<Record<string, string>> = {
  scanIterator: `for i = 1, ${total} do redis.call('SET', 'm' .. i, 1) end`,
  hscanIterator: `for i = 1, ${total} do redis.call('HSET', KEYS[1], 'm' .. i, i) end`,
  sscanIterator: `for i = 1, ${total} do redis.call('SADD', KEYS[1], 'm' .. i) end`,
  zscanIterator: `for i = 1, ${total} do redis.call('ZADD', KEYS[1], i, 'm' .. i) end`,
}

type Iterate = (client: Client) => AsyncIterable<string | readonly [string, unknown]>

const iterators: Readonly<Record<string, Iterate>> = {
  scanIterator: (client) => client.scanIterator({ count: 50 }),
  hscanIterator: (client) => client.hscanIterator('k', { count: 50 }),
  sscanIterator: (client) => client.sscanIterator('k', { count: 50 }),
  zscanIterator: (client) => client.zscanIterator('k', { count: 50 }),
}

describe.each(sampleOfPrograms().map((program) => [nameOf(program), program] as const))('scans of %s', (_, program) => {
  let server: TestServer | undefined
  afterEach(async () => {
    await server?.stop()
    server = undefined
  })

  it.each(Object.keys(iterators))(
    '%s gives every element when the server restarts in the middle',
    async (name) => {
      server = await startServer(program)
      await using client = createClient(server.url, { queueTimeout: 0 })
      await client.call('EVAL', fills[name] as string, 1, 'k')
      await client.call('SAVE')
      const seen = new Set<string>()
      let restarts = 0
      for await (const element of (iterators[name] as Iterate)(client)) {
        seen.add(typeof element === 'string' ? element : element[0])
        if (seen.size < total / 2 || restarts > 0) continue
        restarts += 1
        await server.restart()
      }
      expect(restarts).toBe(1)
      expect(seen.size).toBe(total)
    },
    30_000,
  )

  it('an unknown option is refused by the first step, and nothing is sent', async () => {
    server = await startServer(program)
    await using client = createClient(server.url)
    const scan = client.scanIterator({ MATCH: 'a*' } as never)
    await expect(scan.next()).rejects.toMatchObject({
      name: 'UsageError',
      message: 'scanIterator: unknown option MATCH: expected an object with match, count, type',
    })
    await expect(client.sscanIterator('k', 'a*' as never).next()).rejects.toMatchObject({ name: 'UsageError' })
    expect(client.stats().sent).toBe(0)
  })
})
