import { describe, expect, it } from 'vitest'
import { CoreClient } from '../../src/core/client.js'
import { createClient } from '../../src/core.js'
import { UsageError } from '../../src/errors.js'
import type { ClientOptions } from '../../src/options/options.js'
import { resolveOptions } from '../../src/options/resolve.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'
import { rejection } from '../support/rejection.js'

async function startReady(options: ClientOptions = {}) {
  const network = new FakeNetwork()
  const client = new CoreClient(resolveOptions(options), { dial: network.dial, clock: new FakeClock() })
  const connected = client.connect()
  await network.peer.welcomes()
  await connected
  return { network, client }
}

describe('the client of respite/core', () => {
  it('sends any command, and gives replies in the form of the typed methods', async () => {
    const { network, client } = await startReady()
    const fields = client.call('HGETALL', 'h')
    await settle()
    await network.peer.answers('*2\r\n$1\r\nf\r\n$1\r\nv\r\n')
    expect(await fields).toEqual({ f: 'v' })
  })

  it('puts the prefix before the keys of commands and transactions', async () => {
    const { network, client } = await startReady({ keyPrefix: 'p:' })
    const replies = Promise.all([client.call('GET', 'k'), client.multi().call('INCR', 'n').exec()])
    await settle()
    await network.peer.answers('$1\r\nv\r\n', '+OK\r\n', '+QUEUED\r\n', '*1\r\n:1\r\n')
    expect(network.peer.requests).toEqual(['GET p:k', 'MULTI', 'INCR p:n', 'EXEC'])
    expect(await replies).toEqual(['v', [1]])
  })

  it('refuses arguments of multi() and exec(), so that nothing is dropped silently', async () => {
    const client = createClient()
    const multi = client.multi.bind(client) as (commands: string[][]) => ReturnType<typeof client.multi>
    await expect(multi([['incr', 'a']]).exec()).rejects.toThrow(/^multi: expected no arguments/)
    const transaction = client.multi().call('INCR', 'a')
    const exec = transaction.exec.bind(transaction) as (callback: () => void) => Promise<unknown>
    await expect(exec(() => {})).rejects.toBeInstanceOf(UsageError)
    client.destroy()
  })

  it('keeps to the retry class of every command when its connection is lost', async () => {
    const { network, client } = await startReady()
    const read = client.call('GET', 'k')
    const write = rejection(client.call('INCR', 'n'))
    await settle()
    await network.peer.ends()
    expect(await write).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown' })
    expect(client.inFlight()).toMatchObject([{ command: 'GET', state: 'queued', attempts: 1 }])
    client.destroy()
    expect(await rejection(read)).toMatchObject({ name: 'ClientClosedError', fate: 'unknown' })
  })

  it.each([
    ['BLPOP', 'k', 0],
    ['XREAD', 'BLOCK', 0, 'STREAMS', 's', '$'],
    ['WATCH', 'k'],
    ['SUBSCRIBE', 'c'],
    ['MULTI'],
  ])('refuses %s, which needs a dedicated connection, and says where to get one', async (name, ...args) => {
    const { network, client } = await startReady()
    const error = await rejection(client.call(name, ...args))
    expect(error).toMatchObject({
      name: 'UsageError',
      fate: 'not-executed',
      message: expect.stringContaining("'respite'"),
    })
    expect(network.peer.requests).toEqual([])
  })

  it.each([
    [['SELECT', 1], "give the option 'database'"],
    [['QUIT'], 'close the client'],
    [['SYNC'], 'use redis-cli'],
  ])('says what to do instead of %j, as every client does', async ([name = '', ...args], advice) => {
    const { network, client } = await startReady()
    const error = await rejection(client.call(String(name), ...args))
    expect(error).toMatchObject({ name: 'UsageError', fate: 'not-executed', message: expect.stringContaining(advice) })
    expect(network.peer.requests).toEqual([])
  })

  it('sends what waits for replicas on its connection', async () => {
    const { network, client } = await startReady()
    const count = client.call('WAIT', 1, 100)
    await settle()
    await network.peer.answers(':1\r\n')
    expect(await count).toBe(1)
  })

  it('frees a caller by signal or time limit, and closes', async () => {
    const { network, client } = await startReady()
    const controller = new AbortController()
    const aborted = rejection(client.with({ signal: controller.signal }).call('GET', 'k'))
    await settle()
    controller.abort()
    expect(await aborted).toMatchObject({ name: 'AbortError', fate: 'unknown' })
    const closed = client.close()
    await network.peer.answers('$1\r\nv\r\n')
    await closed
    expect(client.status).toBe('closed')
  })

  it('checks its options when it is created', () => {
    expect(() => createClient({ timout: 1 } as never)).toThrow('timout')
  })
})
