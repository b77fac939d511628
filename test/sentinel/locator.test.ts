import { beforeEach, describe, expect, it } from 'vitest'
import { ConnectError, HandshakeError } from '../../src/errors.js'
import type { ClientOptions } from '../../src/index.js'
import { Locator } from '../../src/sentinel/locator.js'
import { connectorSettings } from '../support/connector-settings.js'
import { settle } from '../support/fake-clock.js'
import { bulk } from '../support/fake-network.js'

const options = { sentinels: ['s1', 's2', 's3'].map((host) => ({ host, port: 1 })), name: 'm', protocol: 2 } as const
const address = (host: string): string => `*2\r\n${bulk(host)}${bulk('6379')}`
const about = (host: string, epoch: number): string =>
  `*6\r\n${['ip', host, 'port', '6379', 'config-epoch', String(epoch)].map(bulk).join('')}`
const unknownName = `*-1\r\n-ERR No such master with that name\r\n`

describe('a locator', () => {
  let made: ReturnType<typeof connectorSettings>
  let locator: Locator

  const open = (more: ClientOptions = {}): void => {
    made = connectorSettings({ ...options, connectTimeout: 1_000, ...more })
    locator = new Locator(made.settings, made.settings.options)
  }
  beforeEach(() => open())

  const hosts = (): string[] => made.network.peers.map(({ endpoint }) => endpoint.host)
  /** The peer of the latest connection to this sentinel. */
  const peer = (host: string) => {
    const last = made.network.peers.findLast(({ endpoint }) => endpoint.host === host)
    if (last === undefined) throw new Error(`nobody asked ${host}`)
    return last
  }
  /** Of the latest connection to this sentinel. */
  const says = async (sentinel: string, host: string, epoch: number): Promise<void> => {
    await peer(sentinel).welcomes()
    await peer(sentinel).answers(address(host), about(host, epoch))
  }
  const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

  it('asks a sentinel for address and epoch, on a connection that it ends then', async () => {
    const located = locator.locate()
    await peer('s1').welcomes()
    expect(peer('s1').requests).toEqual(['SENTINEL GET-MASTER-ADDR-BY-NAME m', 'SENTINEL MASTER m'])
    await peer('s1').answers(address('a'), about('a', 3))
    expect(await located).toMatchObject({ host: 'a', port: 6379 })
    expect([peer('s1').isDestroyed, made.clock.pending]).toEqual([true, 0])
  })

  it('asks once for all who ask at a time', async () => {
    const both = [locator.locate(), locator.locate()]
    await says('s1', 'a', 1)
    expect(await Promise.all(both)).toMatchObject([{ host: 'a' }, { host: 'a' }])
    expect(hosts()).toEqual(['s1'])
  })

  it('asks the one first that answered last, and last the one whose answer was of no use', async () => {
    const first = locator.locate()
    await peer('s1').ends(new Error('down'))
    await says('s2', 'a', 1)
    await first
    locator.confirm()
    const second = locator.locate()
    await says('s2', 'a', 1)
    await second
    // Not confirmed: the address did not lead to a master.
    const third = locator.locate()
    await says('s1', 'b', 2)
    await third
    expect(hosts()).toEqual(['s1', 's2', 's2', 's1'])
  })

  it('is told of a sentinel that is silent after it accepted the connection', async () => {
    const located = locator.locate()
    await peer('s1').welcomes()
    await made.clock.advance(200)
    await says('s2', 'a', 1)
    await located
    expect(peer('s1').isDestroyed).toBe(true)
  })

  it('is told the reason if no sentinel can be reached', async () => {
    const located = failure(locator.locate())
    for (const host of ['s1', 's2', 's3']) await peer(host).ends(new Error(`${host} is down`))
    const error = (await located) as Error
    expect(error).toBeInstanceOf(ConnectError)
    expect(error).toMatchObject({ fate: 'not-executed' })
    for (const host of ['s1', 's2', 's3']) expect(error.message).toContain(`${host} is down`)
  })

  it('is told within the time limit if all are silent', async () => {
    const located = failure(locator.locate())
    await settle()
    await made.clock.advance(1_400)
    expect(await located).toMatchObject({ code: 'CONNECT_FAILED', fate: 'not-executed' })
    expect(made.clock.pending).toBe(0)
  })

  const odd = `%1\r\n${bulk('toString')}${bulk('x')}`
  it.each([
    ['a port', `*2\r\n${bulk('a')}${odd}`, about('a', 1)],
    ['an epoch', address('a'), `%1\r\n${bulk('config-epoch')}${odd}`],
  ])('is told of a sentinel that sends %s which is a map with a member toString', async (_, first, second) => {
    open({ protocol: 3, sentinels: [{ host: 's1', port: 1 }] })
    const located = failure(locator.locate())
    await peer('s1').welcomes()
    await peer('s1').answers(first, second)
    // The inquiry is over before its time limit.
    expect([peer('s1').isDestroyed, made.clock.pending]).toEqual([true, 0])
    expect(await located).toMatchObject({ code: 'CONNECT_FAILED', fate: 'not-executed' })
  })

  it('is told with the step SENTINEL if those that can be reached do not know the name', async () => {
    const located = failure(locator.locate())
    await peer('s1').ends(new Error('down'))
    for (const host of ['s2', 's3']) {
      await peer(host).welcomes()
      await peer(host).answers(unknownName)
    }
    const error = await located
    expect(error).toBeInstanceOf(HandshakeError)
    expect(error).toMatchObject({ step: 'SENTINEL', fate: 'not-executed' })
  })

  it('is told with the step SENTINEL, and why, if they refuse the password', async () => {
    open({ password: 'wrong' })
    const located = failure(locator.locate())
    for (const host of ['s1', 's2', 's3']) {
      await peer(host).opens()
      await peer(host).answers('-WRONGPASS invalid username-password pair\r\n')
    }
    expect(await located).toMatchObject({ step: 'SENTINEL', message: expect.stringContaining('WRONGPASS') })
  })

  it('does not take those that missed a failover for those that do not know the name', async () => {
    const first = locator.locate()
    await says('s1', 'b', 2)
    await first
    locator.confirm()
    const second = failure(locator.locate())
    await says('s1', 'a', 1)
    await peer('s2').welcomes()
    await peer('s2').answers(unknownName)
    await peer('s3').ends(new Error('down'))
    const error = (await second) as Error
    expect(error).toBeInstanceOf(ConnectError)
    expect(error.message).toContain('s1:1: it names a replaced master')
  })

  it('asks the sentinel first that announced a master, and believes none that has not heard of it', async () => {
    const first = locator.locate()
    await says('s1', 'a', 1)
    await first
    locator.confirm()
    locator.onAnnounced({ host: 's3', port: 1 }, { host: 'b', port: 6379 })
    const second = locator.locate()
    await peer('s3').ends(new Error('down'))
    await says('s1', 'a', 1)
    await says('s2', 'b', 2)
    expect(await second).toMatchObject({ host: 'b' })
    expect(hosts()).toEqual(['s1', 's3', 's1', 's2'])
  })

  it('ends what is under way when it is closed', async () => {
    void locator.locate()
    await peer('s1').welcomes()
    locator.close()
    expect([peer('s1').isDestroyed, made.clock.pending]).toEqual([true, 0])
  })
})
