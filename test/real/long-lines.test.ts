import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, ReplyError } from '../../src/index.js'
import { nameOf, serverPrograms, startServer, type TestServer } from '../support/server.js'

describe.each(serverPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  let server: TestServer
  const long = 'x'.repeat(70_000)

  beforeAll(async () => {
    server = await startServer(program)
  })

  afterAll(() => server.stop())

  describe.each([2, 3] as const)('with RESP%i', (protocol) => {
    it('reads a line of MONITOR that holds a whole large value', async () => {
      await using client = createClient({ url: server.url, protocol })
      const line = await client.session(async (session) => {
        const lines = session.monitor()
        const first = lines.next()
        // MONITOR is answered before the next command of another connection is shown.
        for (let list = ''; !list.includes('cmd=monitor'); ) list = String(await client.call('CLIENT', 'LIST'))
        await client.set('k', long)
        for (let { value } = await first; ; value = (await lines.next()).value)
          if (String(value).includes('"k"')) return String(value)
      })
      expect(line).toContain(long)
    })

    it('reads an error of a script, and keeps the connection', async () => {
      await using client = createClient({ url: server.url, protocol })
      const error = await client
        .call('EVAL', "return redis.error_reply('LONG ' .. ARGV[1])", 0, long)
        .catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(ReplyError)
      expect(String(error)).toContain(long)
      expect(client.stats()).toMatchObject({ connections: 1, lost: 0 })
    })
  })
})
