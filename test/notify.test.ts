import { describe, expect, it } from 'vitest'
import { Client } from '../src/client.js'
import type { ClientOptionsOf } from '../src/core/options-of.js'
import { callNow, notify } from '../src/notify.js'
import { FakeClock, settle } from './support/fake-clock.js'
import { FakeNetwork, type FakePeer } from './support/fake-network.js'

describe('a listener', () => {
  it('is called after the code that runs now, in the order of the events', async () => {
    const seen: string[] = []
    notify((text: string) => seen.push(text), 'first')
    notify(() => seen.push('second'))
    seen.push('now')
    await settle()
    expect(seen).toEqual(['now', 'first', 'second'])
  })

  it('is called before the reaction to a promise that is settled after its event', async () => {
    const seen: string[] = []
    await new Promise<void>((resolve) => {
      notify(() => seen.push('listener'))
      resolve()
    }).then(() => seen.push('reaction'))
    expect(seen).toEqual(['listener', 'reaction'])
  })

  it.each([
    ['later', (listener: () => never) => notify(listener)],
    ['at once', (listener: () => never) => callNow(listener, undefined)],
  ])('that throws, called %s, raises an uncaught exception and does not affect its caller', async (_, call) => {
    const raised: unknown[] = []
    const others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.once('uncaughtException', (error) => raised.push(error))
    const failure = new Error('of the listener')
    call(() => {
      throw failure
    })
    await settle()
    for (const other of others) process.on('uncaughtException', other)
    expect(raised).toEqual([failure])
  })
})

/** What a listener may do. */
const actions: Readonly<Record<string, (client: Client) => unknown>> = {
  'destroys the client': (client) => client.destroy(),
  'closes the client': (client) => client.close({ timeout: 200 }),
  connects: (client) => client.connect(),
  'sends commands': (client) => Promise.all([client.get('k'), client.incr('n'), client.blpop('q', 1)]),
  'subscribes and unsubscribes': (client) => {
    const { ready } = client.subscribe('b')
    const ended = client.subscribe('a')
    ended.close()
    return Promise.all([ready, ended.ready])
  },
}

/** Every place where the client calls a function of the user. */
const events = ['connecting', 'ready', 'reconnecting', 'idle', 'closing', 'closed', 'error'] as const
const callbacks = ['onMessage', 'onGap', 'onError', 'credentials', 'reconnect'] as const
const places = [...events, ...callbacks]

/** A server that accepts two of three connections, confirms subscriptions, publishes a message, and cuts the connection. */
async function serve(peer: FakePeer, number: number, clock: FakeClock): Promise<void> {
  if (number % 3 === 2) {
    await peer.ends(new Error('connect ECONNREFUSED'))
    return
  }
  await peer.welcomes()
  const names = peer.requests.flatMap((request) => /^SUBSCRIBE (.*)/.exec(request)?.[1]?.split(' ') ?? [])
  for (const name of names) if (!peer.isDestroyed) await peer.answers(`>3\r\n+subscribe\r\n+${name}\r\n:1\r\n`)
  // The message comes in one read with the confirmation, right behind a gap.
  for (const name of names) if (!peer.isDestroyed) await peer.answers(`>3\r\n+message\r\n+${name}\r\n+hello\r\n`)
  await clock.advance(20)
  if (!peer.isDestroyed) await peer.ends(new Error('read ECONNRESET'))
}

describe.each(Object.entries(actions))('a listener that %s', (_, action) => {
  it.each(places)('does no harm when it is called for: %s', async (place) => {
    const network = new FakeNetwork()
    const clock = new FakeClock()
    const settled: Promise<unknown>[] = []
    let calls = 0
    const act = (): void => {
      calls += 1
      // Not without end: every failure that it causes would call it again.
      if (calls < 20) settled.push(Promise.resolve(action(client)).catch(() => {}))
    }
    const at = (name: (typeof callbacks)[number]): void => void (name === place && act())
    const options: ClientOptionsOf = {
      connectDeadline: 300,
      retry: 'always',
      credentials: () => {
        at('credentials')
        return { password: 'p' }
      },
      reconnect: (attempt) => {
        at('reconnect')
        return attempt < 3 && 10
      },
    }
    const client = new Client(options, undefined, { dial: network.dial, clock })
    client.on('status', (status) => status === place && act())
    client.on('error', () => place === 'error' && act())
    const subscription = client.subscribe('a', {
      onMessage: () => at('onMessage'),
      onGap: () => at('onGap'),
      onError: () => at('onError'),
    })
    settled.push(subscription.ready.catch(() => {}))
    for (const command of [client.get('k'), client.incr('n'), client.blpop('q', 1)]) {
      settled.push(command.catch(() => {}))
    }
    for (let served = 0, round = 0; round < 40; round += 1) {
      await clock.advance(10)
      for (; served < network.peers.length; served += 1) {
        const peer = network.peers[served] as FakePeer
        if (!peer.isDestroyed) await serve(peer, served, clock)
      }
    }
    // Nobody answers any longer: subscriptions that are still tried fail in the end, and call `onError`.
    for (let round = 0; round < 20; round += 1) {
      await clock.advance(1_000)
      for (const peer of network.peers) if (!peer.isDestroyed) await peer.ends(new Error('connect ECONNREFUSED'))
    }
    // A close that has something to wait for, so that the client is `closing` for a while.
    client.connect().catch(() => {})
    await settle()
    for (const peer of network.peers.slice(-1)) if (!peer.isDestroyed) await peer.welcomes()
    settled.push(client.get('last').catch(() => {}))
    const closed = client.close()
    await settle()
    await clock.advance(10_000)
    await closed
    await Promise.all(settled)
    expect(calls).toBeGreaterThan(0)
    expect(client.status).toBe('closed')
    expect(client.inFlight()).toEqual([])
    expect(network.peers.filter(({ isDestroyed }) => !isDestroyed)).toEqual([])
    expect(clock.pending).toBe(0)
  })
})
