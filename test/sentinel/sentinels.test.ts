import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Locator } from '../../src/sentinel/locator.js'
import { Sentinels } from '../../src/sentinel/sentinels.js'
import { connectorSettings } from '../support/connector-settings.js'
import { bulk } from '../support/fake-network.js'

const options = { sentinels: ['s1', 's2', 's3'].map((host) => ({ host, port: 1 })), name: 'm', protocol: 2 } as const
const confirms = (channel: string): string => `*3\r\n${bulk('subscribe')}${bulk(channel)}:1\r\n`
const subscribed = `${confirms('+switch-master')}${confirms('+promoted-slave')}`
const says = (channel: string, text: string): string => `*3\r\n${bulk('message')}${bulk(channel)}${bulk(text)}`
const announces = (text: string): string => says('+switch-master', text)
const view = (host: string, epoch: number): string =>
  `*2\r\n${bulk(host)}${bulk('1')}*6\r\n${['ip', host, 'port', '1', 'config-epoch', String(epoch)].map(bulk).join('')}`

describe('the sentinels of a client', () => {
  let made: ReturnType<typeof connectorSettings>
  let sentinels: Sentinels
  let moves: string[]
  let silence: number
  let isInUse: boolean

  beforeEach(async () => {
    made = connectorSettings(options)
    moves = []
    silence = 0
    isInUse = true
    sentinels = new Sentinels(made.settings, {
      silence: () => silence,
      isInUse: () => isInUse,
      moveTo: ({ host, port }, reason) => moves.push(`${host}:${port}: ${reason.message}`),
    })
  })

  const hosts = (): string[] => made.network.peers.map(({ endpoint }) => endpoint.host)
  const peers = () => made.network.peers
  /** Answers the questions of the connections from this one on. */
  const answer = async (from: number, ...views: (string | undefined)[]): Promise<void> => {
    for (const [index, each] of views.entries()) {
      const peer = peers()[from + index]
      if (each === undefined || peer === undefined) continue
      await peer.welcomes()
      await peer.answers(each)
    }
  }
  /** Located at `a`, and listening to s1: connection 0 asked, 1 listens, 2 to 4 ask all. */
  const begin = async (): Promise<void> => {
    const located = sentinels.locate()
    await answer(0, view('a', 1))
    await located
    sentinels.onStatus('ready')
    await peers()[1]?.welcomes()
    await peers()[1]?.answers(subscribed)
    await answer(2, view('a', 1), view('a', 1), view('a', 1))
  }

  it('are listened to as soon as one was asked, and asked again as soon as one listens', async () => {
    await begin()
    expect(hosts()).toEqual(['s1', 's1', 's1', 's2', 's3'])
    expect(peers()[1]?.requests[0]).toBe('SUBSCRIBE +switch-master +promoted-slave')
    expect([sentinels.master, moves]).toEqual([{ host: 'a', port: 1 }, []])
  })

  it('announce another master: the client leaves at once', async () => {
    await begin()
    await peers()[1]?.answers(announces('other x 1 y 1'))
    expect(moves).toEqual([])
    await peers()[1]?.answers(announces('m a 1 b 1'))
    expect(moves).toEqual(['b:1: a sentinel announced another master: b:1'])
    expect(sentinels.master).toEqual({ host: 'b', port: 1 })
  })

  it('promote another master: all are asked, since the one that leads the failover announces it later', async () => {
    await begin()
    await peers()[1]?.answers(says('+promoted-slave', 'slave x:1 x 1 @ other y 1'))
    expect(peers()).toHaveLength(5)
    await peers()[1]?.answers(says('+promoted-slave', 'slave b:1 b 1 @ m a 1'))
    expect(peers()).toHaveLength(8)
    await answer(5, view('a', 1), view('b', 2))
    expect(moves).toEqual(['b:1: a sentinel promoted another master: b:1'])
  })

  it('may forbid to hear of promotions: their announcements count', async () => {
    const located = sentinels.locate()
    await answer(0, view('a', 1))
    await located
    sentinels.onStatus('ready')
    await peers()[1]?.welcomes()
    const refusal = "-NOPERM No permissions to access a channel used as argument of 'subscribe'\r\n"
    // Of both, then of each by itself.
    await peers()[1]?.answers(refusal)
    await peers()[1]?.answers('+PONG\r\n', confirms('+switch-master'), refusal)
    await peers()[1]?.answers(announces('m a 1 b 1'))
    expect(moves).toHaveLength(1)
  })

  it('were missed by the announcement: the client is told when it listens', async () => {
    const located = sentinels.locate()
    await answer(0, view('a', 1))
    await located
    await peers()[1]?.welcomes()
    await peers()[1]?.answers(subscribed)
    await answer(2, view('a', 1), view('b', 2))
    expect(moves).toEqual(['b:1: the sentinels name another master: b:1'])
  })

  it('are asked again, and another is listened to, when the one that is listened to is lost', async () => {
    await begin()
    await peers()[1]?.ends(new Error('down'))
    await made.clock.advance(1_000)
    expect(hosts()[5]).not.toBe('s1')
    await peers()[5]?.welcomes()
    await peers()[5]?.answers(subscribed)
    await answer(6, view('b', 2))
    expect(moves).toHaveLength(1)
  })

  it('are asked every 250 ms while the master is lost, until it is ready again', async () => {
    await begin()
    sentinels.onStatus('connecting')
    await made.clock.advance(249)
    expect(peers()).toHaveLength(5)
    await made.clock.advance(1)
    expect(peers()).toHaveLength(8)
    await answer(5, view('a', 1), view('a', 1), view('a', 1))
    await made.clock.advance(250)
    expect(peers()).toHaveLength(11)
    await answer(8, view('a', 1), view('b', 2))
    expect(moves).toHaveLength(1)
    sentinels.onStatus('ready')
    await peers()[1]?.answers('+PONG\r\n')
    const count = peers().length
    await made.clock.advance(500)
    expect(peers()).toHaveLength(count)
  })

  it.each([
    ['a subscription is', true, false],
    ['nothing is', false, true],
  ])('are asked no longer when the client has given up connecting, and %s left', async (_, isLeft, isDestroyed) => {
    await begin()
    sentinels.onStatus('connecting')
    isInUse = isLeft
    sentinels.onStatus('idle')
    await made.clock.advance(100)
    expect(peers()[1]?.isDestroyed).toBe(isDestroyed)
    await made.clock.advance(500)
    expect(peers()).toHaveLength(5)
  })

  it('are asked while the master is silent', async () => {
    await begin()
    silence = 999
    await made.clock.advance(250)
    expect(peers()).toHaveLength(5)
    silence = 1_000
    await made.clock.advance(250)
    await answer(5, view('a', 1), view('b', 2))
    expect(moves).toEqual(['b:1: the master is silent, and the sentinels name another master: b:1'])
  })

  it('name another master to whoever connects: everybody leaves', async () => {
    await begin()
    const located = sentinels.locate()
    await answer(5, view('b', 2))
    await located
    expect(moves).toHaveLength(1)
  })

  it('are dead: the master stays', async () => {
    await begin()
    sentinels.onStatus('connecting')
    await made.clock.advance(250)
    for (const peer of peers().slice(5)) await peer.ends(new Error('down'))
    expect([sentinels.master, moves]).toEqual([{ host: 'a', port: 1 }, []])
  })

  it('are left when the client is closed', async () => {
    await begin()
    sentinels.onStatus('connecting')
    await made.clock.advance(250)
    sentinels.close()
    expect(peers().every(({ isDestroyed }) => isDestroyed)).toBe(true)
    expect(made.clock.pending).toBe(0)
    await expect(sentinels.locate()).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
  })

  it('are not listened to if the client is closed in the moment of their answer', async () => {
    const found = vi.spyOn(Locator.prototype, 'locate').mockResolvedValueOnce({ host: 'a', port: 1 })
    const located = sentinels.locate()
    sentinels.close()
    await located
    found.mockRestore()
    expect([peers(), made.clock.pending]).toEqual([[], 0])
  })

  it('rest when nobody needs the master, and are listened to again with the next question', async () => {
    await begin()
    sentinels.rest()
    expect(made.clock.pending).toBe(0)
    const located = sentinels.locate()
    await answer(5, view('a', 1))
    await located
    expect(peers()).toHaveLength(7)
  })

  it('notice by themselves that nobody needs the master any more', async () => {
    await begin()
    await made.clock.advance(1_000)
    expect(peers()[1]?.isDestroyed).toBe(false)
    isInUse = false
    await made.clock.advance(250)
    expect(peers().every(({ isDestroyed }) => isDestroyed)).toBe(true)
    expect(made.clock.pending).toBe(0)
  })
})

describe('the sentinels of a client whose replies have other forms', () => {
  const map = (host: string, epoch: number): string =>
    `*2\r\n${bulk(host)}${bulk('1')}%3\r\n${['ip', host, 'port', '1', 'config-epoch', String(epoch)].map(bulk).join('')}`

  it.each([{ buffers: true }, { maps: 'map' }, { sets: 'set' }, { integers: 'bigint' }] as const)(
    'are understood with %o, so that an outdated one is not believed',
    async (form) => {
      const { settings, network, clock } = connectorSettings({ ...options, protocol: 3, ...form })
      const sentinels = new Sentinels(settings, { silence: () => 0, isInUse: () => true, moveTo: () => {} })
      const ask = async (reply: string): Promise<unknown> => {
        const first = network.peers.length
        const located = sentinels.locate().catch((error: Error) => error.message)
        await network.peers[first]?.welcomes()
        await network.peers[first]?.answers(reply)
        await clock.advance(2_000)
        return located
      }
      await ask(map('b', 2))
      expect(sentinels.master).toEqual({ host: 'b', port: 1 })
      expect(await ask(map('a', 1))).toContain('it names a replaced master')
      expect(sentinels.master).toEqual({ host: 'b', port: 1 })
      sentinels.close()
    },
  )

  it('get a user without a password as one, never as the default user', async () => {
    const { settings, network } = connectorSettings({ ...options, protocol: 3, sentinel: { username: 'u' } })
    const sentinels = new Sentinels(settings, { silence: () => 0, isInUse: () => true, moveTo: () => {} })
    void sentinels.locate().catch(() => {})
    await network.peer.opens()
    expect(network.peer.requests[0]).toBe('HELLO 3 AUTH u ')
    sentinels.close()
  })
})
