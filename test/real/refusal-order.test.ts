import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pass, stall } from '../../lab/proxy/fault.js'
import type { Link } from '../../lab/proxy/link.js'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { createClient } from '../../src/index.js'
import { ErrorReply } from '../../src/protocol/types.js'
import { nameOf, serverPrograms, startServer, type TestServer } from '../support/server.js'
import { until } from '../support/until.js'
import { Wire } from '../support/wire.js'

describe.each(serverPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  let server: TestServer
  let wire: Wire
  /** What the caller of the refused SET was told. */
  const outcome: string[] = []

  beforeAll(async () => {
    server = await startServer(program, ['--busy-reply-threshold', '10'])
    wire = await Wire.open(server.port)
  })
  afterAll(async () => {
    wire.close()
    await server.stop()
  })

  afterEach(() => {
    outcome.length = 0
  })

  const isBusy = async (): Promise<boolean> => (await wire.send('PING')) instanceof ErrorReply

  it.each([
    ['the same key', 'k', 'not-executed', '2'],
    ['another key', 'j', undefined, '1'],
  ])('a SET refused with BUSY does not undo a later one that was accepted: %s', async (_, later, fate, expected) => {
    const proxy = await FaultProxy.start(server)
    const client = createClient(proxy.url)
    const script = await Wire.open(server.port)
    try {
      await client.set('k', '0')
      const ended = script.send('EVAL', 'while true do end', 0)
      await until(isBusy)

      // Refused; the client is not told yet.
      const link = await new Promise<Link>((resolve) => {
        proxy.onReply = (_chunk, on) => {
          resolve(on)
          return stall
        }
        client.set('k', '1').then(
          () => outcome.push('accepted'),
          (error: { fate: string }) => outcome.push(error.fate),
        )
      })
      await wire.send('SCRIPT', 'KILL')
      await ended
      const second = client.set(later, '2')
      await until(async () => (await wire.send('GET', later)) === '2')
      proxy.onReply = () => pass
      link.replies.resume()

      expect(await second).toBe('OK')
      await until(async () => outcome.length > 0)
      expect(outcome).toEqual([fate ?? 'accepted'])
      await client.close()
      expect(await wire.send('GET', 'k')).toBe(expected)
    } finally {
      client.destroy()
      script.close()
      await proxy.stop()
    }
  })
})
