import { describe, expect, it } from 'vitest'
import { RequestQueue } from '../../../src/connection/request/queue.js'
import { Supervisor, type SupervisorOwner } from '../../../src/connection/supervisor/supervisor.js'
import type { ClientOptions } from '../../../src/index.js'
import { connectorSettings } from '../../support/connector-settings.js'
import { settle } from '../../support/fake-clock.js'
import { TestRequest } from '../../support/test-request.js'

/** A supervisor whose owner writes down what it is told. */
function supervise(options: ClientOptions = {}, isNeeded = (): boolean => true) {
  const { network, clock, settings } = connectorSettings(options)
  const seen: string[] = []
  const errors: Error[] = []
  const owner: SupervisorOwner = {
    onStatus: (status) => seen.push(status),
    onReady: ({ id }) => seen.push(`${id} is ready`),
    onGone: ({ id }) => seen.push(`${id} is gone`),
    onLost: ({ id }, { reason }) => seen.push(`${id} is lost: ${reason.message}`),
    onAttemptFailed: (error) => seen.push(`failed: ${error.message}`),
    onGivenUp: (error) => {
      seen.push(`gave up: ${error.name}`)
      errors.push(error)
    },
    isNeeded,
    onWritable: () => {},
    onRefusedForNow: () => {},
    onReadOnly: () => {},
    onDrained: () => {},
    onPush: () => {},
    onUnowed: () => false,
  }
  const supervisor = new Supervisor(settings, owner)
  const next = (): string[] => seen.splice(0)
  return { network, clock, supervisor, next, errors }
}

/** One whose first connection is ready. */
async function ready(options: ClientOptions = {}, isNeeded?: () => boolean) {
  const all = supervise(options, isNeeded)
  all.supervisor.start()
  await all.network.peer.welcomes()
  all.next()
  return all
}

describe('a supervisor', () => {
  it('connects when it is started, and not before', async () => {
    const { network, supervisor, next } = supervise()
    expect([supervisor.status, network.peers.length]).toEqual(['idle', 0])
    supervisor.start()
    await network.peer.welcomes()
    expect(next()).toEqual(['connecting', 'ready', '1 is ready'])
    expect(supervisor.connection?.isReady).toBe(true)
  })

  it('reconnects after a loss, when its owner has dealt with that', async () => {
    const { network, clock, next } = await ready()
    await network.peer.ends(new Error('ECONNRESET'))
    expect(next()).toEqual(['1 is gone', '1 is lost: ECONNRESET', 'reconnecting'])
    await clock.advance(25)
    await network.peer.welcomes()
    expect(next()).toEqual(['ready', '2 is ready'])
  })

  it('told to move, leaves a connection that leads elsewhere, and connects again at once', async () => {
    const { network, supervisor, next } = await ready()
    // Also while a reply is pending.
    const queue = new RequestQueue()
    queue.push(new TestRequest())
    supervisor.connection?.send(queue)
    supervisor.moveTo(() => true, new Error('moved'))
    expect(next()).toEqual([])
    supervisor.moveTo(() => false, new Error('moved'))
    expect(next()).toEqual(['1 is gone', '1 is lost: moved', 'reconnecting'])
    expect([network.peers[0]?.isDestroyed, network.peers.length]).toEqual([true, 2])
    await network.peer.welcomes()
    expect(next()).toEqual(['ready', '2 is ready'])
  })

  it('told to move while it waits for the next attempt, waits no longer', async () => {
    const { network, clock, supervisor } = await ready({ reconnect: { baseDelay: 1_000 } })
    await network.peer.ends(new Error('ECONNRESET'))
    supervisor.moveTo(() => false, new Error('moved'))
    expect(network.peers).toHaveLength(2)
    await clock.advance(2_000)
    expect(network.peers).toHaveLength(2)
  })

  it('rests instead if its owner needs no connection', async () => {
    const { network, clock, next } = await ready({}, () => false)
    await network.peer.ends()
    expect(next()).toEqual(['1 is gone', '1 is lost: the server closed the connection', 'reconnecting', 'idle'])
    expect(clock.pending).toBe(0)
  })

  it('gives up the first connect at its deadline, and can be started again', async () => {
    const { network, clock, supervisor, next } = supervise({ connectDeadline: 100, connectTimeout: 60 })
    supervisor.start()
    await clock.advance(200)
    expect(next().slice(-2)).toEqual(['idle', 'gave up: ConnectError'])
    expect(clock.pending).toBe(0)
    supervisor.start()
    await network.peer.welcomes()
    expect(supervisor.status).toBe('ready')
  })

  it('gives up at once when no other attempt can succeed', async () => {
    const { network, supervisor, next } = supervise({ password: 'wrong' })
    supervisor.start()
    await network.peer.opens()
    await network.peer.answers('-WRONGPASS no\r\n')
    expect(next().slice(-2)).toEqual(['idle', 'gave up: HandshakeError'])
  })

  it('tries again after a credentials provider failed, even at the first connect', async () => {
    let asked = 0
    const { network, clock, supervisor, next } = supervise({
      credentials: () => {
        asked += 1
        if (asked === 1) throw new Error('no vault')
        return { password: 'p' }
      },
    })
    supervisor.start()
    await clock.advance(0)
    expect(next()).toEqual(['connecting', 'failed: the credentials provider failed: no vault'])
    await clock.advance(25)
    await network.peer.welcomes()
    expect(next()).toEqual(['ready', '1 is ready'])
  })

  it.each([
    ['-WRONGPASS no', { password: 'p' }],
    ['-NOAUTH no', {}],
  ])('on the way back, tries again also after %s', async (refusal, options) => {
    const { network, clock, next } = await ready(options)
    await network.peer.ends()
    await clock.advance(25)
    await network.peer.opens()
    await network.peer.answers(`${refusal}\r\n`)
    expect(next().slice(-1)).toEqual([`failed: the server refused HELLO: ${refusal.slice(1)}`])
    await clock.advance(2_000)
    await network.peer.welcomes()
    expect(next()).toEqual(['ready', '3 is ready'])
  })

  it.each([
    [() => Number.NaN, 'reconnect returned NaN, not milliseconds or false'],
    [
      () => {
        throw new RangeError('no plan')
      },
      'no plan',
    ],
  ])('gives up when the reconnect function fails, and says so: %s', async (reconnect, reason) => {
    const { network, clock, next, errors } = await ready({ reconnect })
    await network.peer.ends(new Error('ECONNRESET'))
    expect(next().slice(-2)).toEqual(['idle', 'gave up: ConnectError'])
    expect(errors).toMatchObject([{ message: `gave up connecting: ${reason}`, cause: { message: reason } }])
    expect(clock.pending).toBe(0)
  })

  it('gives up when the reconnect function says so', async () => {
    const attempts: number[] = []
    const reconnect = (attempt: number): number | false => {
      attempts.push(attempt)
      return attempt < 2 && 10
    }
    const { network, clock, next } = await ready({ reconnect })
    await network.peer.ends()
    await clock.advance(10)
    await network.peer.ends()
    expect(attempts).toEqual([1, 2])
    expect(next().slice(-2)).toEqual(['idle', 'gave up: ConnectError'])
  })

  it('makes no attempt if the reconnect function ends it', async () => {
    const reconnect = (): number => {
      supervisor.end()
      return 10
    }
    const { network, clock, supervisor, next } = await ready({ reconnect })
    await network.peer.ends()
    expect(next().slice(-1)).toEqual(['closed'])
    expect(clock.pending).toBe(0)
  })

  it('waits longer for each attempt, until a connection has stayed up for a while, whatever it answered', async () => {
    const { network, clock, supervisor } = await ready()
    await network.peer.ends()
    await clock.advance(25)
    // A server that answers and then ends each connection must not be dialled without a wait.
    await network.peer.welcomes()
    const queue = new RequestQueue()
    const request = new TestRequest()
    queue.push(request)
    supervisor.connection?.send(queue)
    await network.peer.answers('+OK\r\n')
    expect(request.outcome).toEqual({ value: 'OK' })
    await network.peer.ends()
    await clock.advance(49)
    expect(network.peers.length).toBe(2)
    await clock.advance(1)
    await network.peer.welcomes()
    await clock.advance(1_000)
    await network.peer.ends()
    await clock.advance(25)
    expect(network.peers.length).toBe(4)
  })

  it('replaces a connection on request, and tells nobody of a loss', async () => {
    const { network, clock, supervisor, next } = await ready()
    supervisor.renew(new Error('read-only'))
    expect(next()).toEqual(['1 is gone', 'reconnecting'])
    await clock.advance(25)
    await network.peer.welcomes()
    expect(next()).toEqual(['ready', '2 is ready'])
  })

  it('keeps a ready connection while closing, and does not reconnect', async () => {
    const { network, clock, supervisor, next } = await ready()
    supervisor.beginClosing()
    expect(network.peer.isDestroyed).toBe(false)
    await network.peer.ends(new Error('ECONNRESET'))
    expect(next()).toEqual(['closing', '1 is gone', '1 is lost: ECONNRESET'])
    expect(clock.pending).toBe(0)
  })

  it.each(['an attempt', 'a wait', 'a request for credentials'])('ends %s that is under way', async (what) => {
    const credentials = (): Promise<never> => new Promise(() => {})
    const { network, clock, supervisor } = supervise(what === 'a request for credentials' ? { credentials } : {})
    supervisor.start()
    await settle()
    if (what === 'a wait') await network.peer.ends(new Error('ECONNREFUSED'))
    expect(supervisor.end()).toEqual([])
    expect(supervisor.status).toBe('closed')
    await clock.advance(60_000)
    expect(network.peers.every(({ isDestroyed }) => isDestroyed)).toBe(true)
    expect(clock.pending).toBe(0)
  })
})
