import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import { type ClientCode, simulate } from './simulate.js'

setFlagsFromString('--expose_gc')
const collectGarbage = runInNewContext('gc') as () => void

/** The client as it is, but noted when it is made. */
async function codeThatNotes(clients: WeakRef<Client>[]): Promise<ClientCode> {
  const { resolveOptions } = await import('../../src/options/resolve.js')
  const Noted = new Proxy(Client, {
    construct: (target, args, newTarget) => {
      const client = Reflect.construct(target, args, newTarget) as Client
      clients.push(new WeakRef(client))
      return client
    },
  })
  return { Client: Noted, resolveOptions }
}

describe('Once a client is closed', () => {
  it('nothing that outlives it keeps it or its connections in memory', async () => {
    const clients: WeakRef<Client>[] = []
    const code = await codeThatNotes(clients)
    for (let seed = 0; seed < 20; seed += 1) await simulate(seed, code)
    // The functions that settle the last call of all clients are kept until the next.
    const other = new Client()
    const call = other.get('k').catch(() => {})
    other.destroy()
    await call
    // What a finished run left on the stack is gone after another turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
    expect(clients).toHaveLength(20)
    expect(clients.filter((client) => client.deref() !== undefined)).toEqual([])
  })
})
