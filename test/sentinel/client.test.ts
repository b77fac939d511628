import { channel } from 'node:diagnostics_channel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { bulk, FakeNetwork, type FakePeer } from '../support/fake-network.js'

const view = (host: string, epoch: number): string =>
  `*2\r\n${bulk(host)}${bulk('1')}*6\r\n${['ip', host, 'port', '1', 'config-epoch', String(epoch)].map(bulk).join('')}`
const subscribed = ['+switch-master', '+promoted-slave'].map((name) => `*3\r\n${bulk('subscribe')}${bulk(name)}:1\r\n`)
const announcement = `*3\r\n${bulk('message')}${bulk('+switch-master')}${bulk('m a 1 b 1')}`

describe('a client behind Sentinel', () => {
  let network: FakeNetwork
  let client: Client
  let provide: ((credentials: { readonly password: string }) => void) | undefined
  beforeEach(() => {
    network = new FakeNetwork()
    provide = undefined
    const environment = { dial: network.dial, clock: new FakeClock() }
    client = new Client(
      {
        sentinels: [{ host: 's1', port: 1 }],
        name: 'm',
        protocol: 2,
        credentials: () =>
          new Promise((resolve) => {
            provide = resolve
          }),
      },
      undefined,
      environment,
    )
  })
  afterEach(() => client.destroy())

  const dialled = (): string[] => network.peers.map(({ endpoint }) => endpoint.host)
  /** Until it has connected so often: the code for sentinels is loaded meanwhile. */
  const untilDialled = async (count: number): Promise<void> => {
    await expect.poll(() => network.peers.length).toBeGreaterThanOrEqual(count)
    await settle()
  }

  it('connects to the current master once it has its credentials, even if the master was another one when it asked for them', async () => {
    client.get('k').catch(() => {})
    await untilDialled(1)
    await network.peers[0]?.welcomes()
    await network.peers[0]?.answers(view('a', 1))
    await untilDialled(2)
    await network.peers[1]?.welcomes()
    await network.peers[1]?.answers(...subscribed, announcement)
    provide?.({ password: 'p' })
    await expect.poll(dialled).toContain('b')
    expect(dialled()).not.toContain('a')
  })

  it('asks for its credentials once it knows the master, because they may be renewed while the sentinels are asked', async () => {
    client.get('k').catch(() => {})
    await untilDialled(1)
    await network.peers[0]?.welcomes()
    expect(provide).toBeUndefined()
    await network.peers[0]?.answers(view('a', 1))
    await expect.poll(() => provide).toBeDefined()
  })

  it('names the master in traces, even if it only subscribes', async () => {
    const traces: unknown[] = []
    const note = (trace: unknown): number => traces.push(trace)
    channel('respite:connection').subscribe(note)
    client.subscribe('news')
    await untilDialled(1)
    await network.peers[0]?.welcomes()
    await network.peers[0]?.answers(view('a', 1))
    await expect.poll(() => provide).toBeDefined()
    provide?.({ password: 'p' })
    await expect.poll(dialled).toContain('a')
    await network.peers
      .find(({ endpoint }) => endpoint.host === 'a')
      ?.welcomes({ replies: { ROLE: `*1\r\n${bulk('master')}` } })
    channel('respite:connection').unsubscribe(note)
    expect(traces).toMatchObject([{ event: 'opened', purpose: 'subscriptions', server: { host: 'a', port: 1 } }])
  })

  it('leaves the sentinels when it is destroyed while it asks, and when it is destroyed before', async () => {
    client.get('k').catch(() => {})
    await untilDialled(1)
    client.destroy()
    await expect.poll(() => network.peers.every(({ isDestroyed }) => isDestroyed)).toBe(true)

    const clock = new FakeClock()
    const environment = { dial: network.dial, clock }
    const another = new Client({ sentinels: [{ host: 's1', port: 1 }], name: 'm' }, undefined, environment)
    another.get('k').catch(() => {})
    another.destroy()
    await settle()
    await settle()
    expect(network.peers.every(({ isDestroyed }) => isDestroyed)).toBe(true)
    expect(clock.pending).toBe(0)
  })
})

it('goes on to watch the sentinels while only a subscription is left, which leaves a demoted master', async () => {
  const network = new FakeNetwork()
  const client = new Client(
    { sentinels: [{ host: 's1', port: 1 }], name: 'm', protocol: 2, reconnect: false, fence: 'off' },
    undefined,
    { dial: network.dial, clock: new FakeClock() },
  )
  const at = (host: string) =>
    network.peers.filter(({ endpoint, isDestroyed }) => endpoint.host === host && !isDestroyed)
  const welcomed = new Set<unknown>()
  let listening: FakePeer | undefined
  /** Answers the questions to the sentinel, until it is listened to, and there are this many connections to a server. */
  const until = async (host: string, count: number): Promise<void> => {
    await expect
      .poll(async () => {
        for (const peer of at('s1')) {
          if (!welcomed.has(peer)) await peer.welcomes()
          welcomed.add(peer)
          const requests = peer.requests.splice(0).join()
          if (requests.includes('SENTINEL')) await peer.answers(view('a', 1))
          if (requests.includes('SUBSCRIBE')) listening = peer
        }
        return [at(host).length, listening !== undefined]
      })
      .toEqual([count, true])
  }
  client.connect().catch(() => {})
  await until('a', 1)
  const [shared] = at('a')
  await shared?.welcomes({ replies: { ROLE: `*1\r\n${bulk('master')}` } })
  const subscription = client.subscribe('news')
  await until('a', 2)
  const [, subscribing] = at('a')
  await subscribing?.welcomes({ replies: { ROLE: `*1\r\n${bulk('master')}` } })
  await subscribing?.answers(`*3\r\n${bulk('subscribe')}${bulk('news')}:1\r\n`)
  await subscription.ready
  await shared?.ends(new Error('read ECONNRESET'))
  expect(client.status).toBe('idle')
  await listening?.answers(...subscribed, announcement)
  await expect.poll(() => subscribing?.isDestroyed).toBe(true)
  client.destroy()
})
