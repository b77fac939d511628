import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClient } from '../../src/index.js'
import { startSecureServer } from '../support/secure-server.js'
import { nameOf, sampleOfPrograms, startServer } from '../support/server.js'

describe.each(sampleOfPrograms().map((program) => [nameOf(program), program]))('SHUTDOWN of %s', (_, program) => {
  it.each([
    [2, 'TCP'],
    [3, 'TCP'],
    [3, 'TLS'],
  ] as const)('resolves to null when the server has stopped, with RESP%i and %s', async (protocol, way) => {
    const server = await startSecureServer(program)
    await using client = createClient({ ...server.options(way), protocol })
    try {
      const lost = new Promise((resolve) => client.once('error', resolve))
      const [before, stopped] = await Promise.all([client.incr('n'), client.shutdown('NOSAVE')])
      expect([before, stopped]).toEqual([1, null])
      expect(await lost).toMatchObject({ name: 'ConnectionLostError', fate: 'not-executed' })
      // What was sent after it waits for the next server, which has no data: there was nothing to save it in.
      const behind = client.with({ retry: 'never' }).incr('n')
      await server.restart()
      expect(await behind).toBe(1)
    } finally {
      await server.stop()
    }
  })

  it('rejects with the error of a server that fails to save its data, and continues to run', async () => {
    const server = await startServer(program)
    await using client = createClient(server.url)
    try {
      // The server writes a temporary file into its folder, and fails because it can't replace this folder with it.
      mkdirSync(join(server.folder, 'dump.rdb'))
      writeFileSync(join(server.folder, 'dump.rdb', 'occupied'), '')
      await client.set('k', 'v')
      await expect(client.shutdown('SAVE')).rejects.toMatchObject({
        name: 'ReplyError',
        fate: 'refused',
        prefix: 'ERR',
      })
      await expect(client.shutdown('ABORT')).rejects.toMatchObject({ name: 'ReplyError', fate: 'refused' })
      expect(await client.get('k')).toBe('v')
    } finally {
      await server.stop()
    }
  })
})
