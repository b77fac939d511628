import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { pass } from '../../lab/proxy/fault.js'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { startServer, type TestServer } from '../support/server.js'
import { library, load } from './libraries.js'

const { default: express } = await library('express/index.js')
const { createClient } = await library('respite/dist/index.js')
const { limitRate } = await load('rate-limit')

let server: TestServer
let proxy: FaultProxy
beforeAll(async () => {
  server = await startServer()
  proxy = await FaultProxy.start({ host: server.host, port: server.port })
})
afterAll(async () => {
  await proxy.stop()
  await server.stop()
})
beforeEach(async () => {
  const client = createClient(server.url)
  await client.flushall()
  await client.close()
})

/** Serves with a limit of three requests, and sends requests one after the other. */
async function serve() {
  const client = createClient(proxy.url, { connectDeadline: 100, reconnect: { baseDelay: 1, maxDelay: 5 } })
  const app = express()
  app.use(limitRate(client, 3, 60_000))
  app.get('/', (_: unknown, response: { send(text: string): void }) => response.send('served'))
  const http = app.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return {
    client,
    async statuses(count: number): Promise<number[]> {
      const found: number[] = []
      for (let i = 0; i < count; i += 1) {
        const response = await fetch(url, { headers: { connection: 'close' } })
        found.push(response.status)
      }
      return found
    },
    async stop() {
      http.close()
      await client.close()
    },
  }
}

describe('rate-limit', () => {
  it('counts over all servers', async () => {
    const [one, two] = [await serve(), await serve()]
    expect(await one.statuses(2)).toEqual([200, 200])
    expect(await two.statuses(2)).toEqual([200, 429])
    expect(await one.statuses(1)).toEqual([429])
    await Promise.all([one.stop(), two.stop()])
  })

  it('counts after the server was restarted, and has forgotten the scripts', async () => {
    const { statuses, client, stop } = await serve()
    expect(await statuses(4)).toEqual([200, 200, 200, 429])
    await server.restart()
    await client.ping()
    expect(await statuses(4)).toEqual([200, 200, 200, 429])
    await stop()
  })

  it('lets requests pass while Redis is away, also from the start, and counts once it is there', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    proxy.refuse()
    const { statuses, stop } = await serve()
    expect(await statuses(4)).toEqual([200, 200, 200, 200])
    expect(logged).toHaveBeenCalled()
    logged.mockRestore()
    await proxy.open()
    expect(await statuses(4)).toEqual([200, 200, 200, 429])
    await stop()
  })

  it('counts a request once although its reply was lost', async () => {
    const { statuses, stop } = await serve()
    expect(await statuses(1)).toEqual([200])
    let cuts = 0
    proxy.onReply = (_, link) => {
      if (cuts < 2) {
        cuts += 1
        link.reset()
      }
      return pass
    }
    expect(await statuses(3)).toEqual([200, 200, 429])
    expect(cuts).toBe(2)
    await stop()
  })
})
