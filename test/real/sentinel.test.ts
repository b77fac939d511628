import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, HandshakeError } from '../../src/index.js'
import { masterName, type SentinelSetup, startSentinels } from '../support/sentinels.js'
import { serverPrograms } from '../support/server.js'
import { behavesThroughFailover, failovers } from './sentinel-specification.js'

const program = serverPrograms().at(-1) as string

describe.each(failovers.slice(0, 1))('Behind Sentinel, when the master $name, a client', (failover) => {
  behavesThroughFailover(program, failover)
})

describe('A client behind Sentinel', () => {
  let setup: SentinelSetup
  let silent: Server
  let silentPort: number
  const open = new Set<Socket>()

  beforeAll(async () => {
    setup = await startSentinels(program, { replicas: 1, sentinelPassword: 'secret' })
    silent = createServer((socket) => open.add(socket.on('error', () => {})))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    silentPort = (silent.address() as { port: number }).port
  }, 60_000)
  afterAll(async () => {
    for (const socket of open) socket.destroy()
    silent.close()
    await setup.stop()
  })

  const good = (): { host: string; port: number }[] => setup.sentinels.map(({ host, port }) => ({ host, port }))
  const sentinel = { password: 'secret' }

  it('loses 200 ms to a sentinel that is silent, and nothing to one that is down', async () => {
    const sentinels = [{ host: '127.0.0.1', port: 1 }, { host: '127.0.0.1', port: silentPort }, ...good()]
    const client = createClient({ sentinels, name: masterName, sentinel })
    const start = performance.now()
    await client.set('k', 1)
    const first = performance.now() - start
    expect(first).toBeGreaterThan(190)
    expect(first).toBeLessThan(1_000)
    await client.close()
  })

  it('is told at once that no sentinel knows the name, or that they refuse the password', async () => {
    const unnamed = createClient({ sentinels: good(), name: 'another', sentinel })
    const error = await unnamed.get('k').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(HandshakeError)
    expect(error).toMatchObject({ step: 'SENTINEL', fate: 'not-executed' })
    expect((error as Error).message).toContain("no sentinel names the master 'another'")
    unnamed.destroy()

    const refused = createClient({ sentinels: good(), name: masterName, sentinel: { password: 'wrong' } })
    await expect(refused.connect()).rejects.toMatchObject({
      step: 'SENTINEL',
      message: expect.stringContaining('WRONGPASS'),
    })
    refused.destroy()
  })

  it('is rejected in time if all sentinels are silent or down', async () => {
    const sentinels = [
      { host: '127.0.0.1', port: 1 },
      { host: '127.0.0.1', port: silentPort },
    ]
    const client = createClient({ sentinels, name: masterName, connectDeadline: 1_500 })
    await expect(client.connect()).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      fate: 'not-executed',
      message: expect.stringMatching(
        /no sentinel can be reached|the sentinels or the credentials provider did not answer/,
      ),
    })
    if (client.status !== 'idle') await new Promise((resolve) => client.once('status', resolve))
    expect(client.status).toBe('idle')
    await client.close()
  })

  it('goes on while the master is well and every sentinel is silent, or dead', async () => {
    const client = createClient({ sentinels: good(), name: masterName, sentinel })
    await client.set('k', 'before')
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
      await Promise.all(setup.sentinels.map(({ kill }) => kill(signal)))
      const reads = await Promise.all(Array.from({ length: 100 }, () => client.get('k')))
      expect(new Set(reads)).toEqual(new Set(['before']))
    }
    expect(client.stats().lost).toBe(0)
    await client.close()
  })
})
