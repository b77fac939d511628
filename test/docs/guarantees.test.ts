import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endAfter, type Fault, resetAfter, stall } from '../../lab/proxy/fault.js'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import * as respite from '../../src/index.js'
import { startServer, type TestServer } from '../support/server.js'
import { type Block, blocksOf, run } from './blocks.js'

/** The recipe of docs/guarantees.md, "Find out, then act", with connections that are lost while it runs. */

const [recipe] = blocksOf('docs/guarantees.md') as [Block]

let server: TestServer
let witness: respite.Client
beforeAll(async () => {
  server = await startServer()
  witness = respite.createClient(server.url)
})
afterAll(async () => {
  witness.destroy()
  await server.stop()
})

/** Runs the recipe. @returns what it prints */
async function runRecipe(client: respite.Client): Promise<unknown[]> {
  const printed: unknown[] = []
  await run(recipe, {
    client,
    RespiteError: respite.RespiteError,
    console: { log: (value: unknown) => printed.push(value) },
  })
  return printed
}

describe('an element is added once', () => {
  const faults: [string, 'onRequest' | 'onReply', (length: number) => Fault][] = [
    ['without a fault', 'onReply', () => ({ do: 'pass' })],
    ['if the connection is reset before RPUSH arrives', 'onRequest', () => resetAfter(0)],
    ['if RPUSH is cut', 'onRequest', (length) => resetAfter(length - 5)],
    ['if it is reset after RPUSH arrived', 'onRequest', (length) => resetAfter(length)],
    ['if the reply is lost', 'onReply', () => resetAfter(0)],
    ['if the reply is cut', 'onReply', () => endAfter(2)],
    ['if the path holds RPUSH, and delivers it later', 'onRequest', () => stall],
    ['if the path holds the reply', 'onReply', () => stall],
  ]
  it.each(faults)('%s', async (_, side, faultOf) => {
    await witness.del('orders')
    const proxy = await FaultProxy.start(server.port)
    const client = respite.createClient(proxy.url, { stallTimeout: 250 })
    try {
      await client.connect()
      const [link] = proxy.links
      proxy[side] = (chunk, from) => (from === link ? faultOf(chunk.length) : { do: 'pass' })
      expect(await runRecipe(client)).toEqual([['order-7']])
      for (const direction of [link?.requests, link?.replies]) direction?.resume()
      // The server has closed it, or has run what was held.
      if (client.stats().lost > 0) await link?.closed
      expect(await witness.lrange('orders', 0, -1)).toEqual(['order-7'])
    } finally {
      client.destroy()
      await proxy.stop()
    }
  })

  it('or rejects, if it may still run', async () => {
    await witness.del('orders')
    const proxy = await FaultProxy.start(server.port)
    const client = respite.createClient(proxy.url, { stallTimeout: 250, fence: 'off' })
    try {
      await client.connect()
      proxy.onRequest = () => stall
      await expect(runRecipe(client)).rejects.toMatchObject({ fate: 'unknown' })
    } finally {
      client.destroy()
      await proxy.stop()
    }
  })
})
