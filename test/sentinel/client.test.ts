import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { bulk, FakeNetwork } from '../support/fake-network.js'

const view = (host: string, epoch: number): string =>
  `*2\r\n${bulk(host)}${bulk('1')}*6\r\n${['ip', host, 'port', '1', 'config-epoch', String(epoch)].map(bulk).join('')}`
const subscribed = ['+switch-master', '+promoted-slave'].map((name) => `*3\r\n${bulk('subscribe')}${bulk(name)}:1\r\n`)
const announcement = `*3\r\n${bulk('message')}${bulk('+switch-master')}${bulk('m a 1 b 1')}`

describe('a client behind Sentinel', () => {
  let network: FakeNetwork
  let client: Client
  let provide: (credentials: { readonly password: string }) => void
  beforeEach(() => {
    network = new FakeNetwork()
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

  it('connects to the master of the moment in which it has its credentials, not of that in which it asked', async () => {
    client.get('k').catch(() => {})
    await untilDialled(1)
    await network.peers[0]?.welcomes()
    await network.peers[0]?.answers(view('a', 1))
    await untilDialled(2)
    await network.peers[1]?.welcomes()
    await network.peers[1]?.answers(...subscribed, announcement)
    provide({ password: 'p' })
    await expect.poll(dialled).toContain('b')
    expect(dialled()).not.toContain('a')
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
