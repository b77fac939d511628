import { describe, expect, it } from 'vitest'
import { BlockingQueue } from '../../../src/connection/leased/blocking.js'
import { Counters } from '../../../src/connection/request/counters.js'
import type { ClientOptions } from '../../../src/index.js'
import { accept, fakePool, WaitingRequest } from '../../support/borrow.js'

function start(given: ClientOptions = {}) {
  const { network, clock, pool, options, answers } = fakePool(given)
  const counters = new Counters()
  const queue = new BlockingQueue({ options, clock, pool, counters, onLost: () => {}, isFenceRequired: false })
  const call = (signal?: AbortSignal): WaitingRequest => {
    const request = new WaitingRequest()
    queue.enqueue(request, signal)
    return request
  }
  /** A request that waits at the server. */
  const wait = async (): Promise<WaitingRequest> => {
    const request = call()
    await accept(network.peer)
    return request
  }
  return { network, clock, pool, counters, queue, call, wait, answers }
}

describe('a blocking request', () => {
  it('has a connection that nobody else uses until its reply', async () => {
    const { network, pool, queue, wait } = start()
    const first = await wait()
    await wait()
    expect(network.peers.map((peer) => peer.requests)).toEqual([['ECHO 1'], ['ECHO 1']])
    await network.peers[0]?.answers('+a\r\n')
    expect(first.outcome).toEqual({ value: 'a' })
    expect([[...queue.calls].length, pool.connections.size]).toEqual([1, 2])
  })

  it('is rejected with fate not-executed if there is no connection for it in time', async () => {
    const { clock, call, queue } = start({ blocking: { acquireTimeout: 100 } })
    const request = call()
    await clock.advance(200)
    expect(request.outcome).toMatchObject({ error: { fate: 'not-executed', attempts: 0 } })
    expect([...queue.calls]).toEqual([])
  })

  it('leaves the line of those that wait for a connection when it is aborted', async () => {
    const { network, call, queue } = start({ blocking: { maxConnections: 1 } })
    const controller = new AbortController()
    const first = call()
    const second = call(controller.signal)
    controller.abort()
    expect(second.outcome).toMatchObject({ error: { name: 'AbortError', fate: 'not-executed' } })
    await accept(network.peer)
    await network.peer.answers('+a\r\n')
    expect(first.outcome).toEqual({ value: 'a' })
    expect([...queue.calls]).toEqual([])
  })
})

describe('a blocking request whose connection is lost', () => {
  it('waits again on another if its retry policy allows it, and knows how long it has waited', async () => {
    const { network, clock, counters, wait } = start()
    const request = await wait()
    await clock.advance(700)
    await network.peer.ends(new Error('reset'))
    await accept(network.peer)
    expect(network.peers).toHaveLength(2)
    expect([request.attempts, request.waited, counters.replayed]).toEqual([2, 700, 1])
    await network.peer.answers('+a\r\n')
    expect(request.outcome).toEqual({ value: 'a' })
  })

  it('is rejected with fate unknown otherwise: an element may have been taken', async () => {
    const { network, counters, wait } = start()
    const request = await wait()
    request.isReplayable = false
    await network.peer.ends(new Error('reset'))
    expect(request.outcome).toMatchObject({ error: { name: 'ConnectionLostError', fate: 'unknown', attempts: 1 } })
    expect(counters.rejectedOnLoss).toBe(1)
  })

  it('does not wait again if it was given up', async () => {
    const { network, queue, wait } = start()
    const request = await wait()
    queue.close()
    await network.peer.ends(new Error('reset'))
    expect(request.outcome).toMatchObject({ error: { name: 'ClientClosedError', fate: 'unknown' } })
    expect(network.peers).toHaveLength(1)
  })
})

describe('a blocking request that the server refuses for now', () => {
  it('gives its connection back, and is sent again after a pause', async () => {
    const { network, clock, counters, wait } = start()
    const request = await wait()
    await network.peer.answers('-BUSY script\r\n')
    expect([request.outcome, network.peer.requests.length]).toEqual([undefined, 1])
    await clock.advance(100)
    expect([network.peers.length, network.peer.requests.length, counters.refusedForNow]).toEqual([1, 2, 1])
    await network.peer.answers('+a\r\n')
    expect(request.outcome).toEqual({ value: 'a' })
  })

  it('is rejected when that has lasted as long as a command may wait for a connection', async () => {
    const { network, clock, queue, wait } = start({ queueTimeout: 500 })
    const request = await wait()
    for (let round = 0; round < 20 && request.outcome === undefined; round += 1) {
      await network.peer.answers('-BUSY script\r\n')
      await clock.advance(1_000)
    }
    expect(request.outcome).toMatchObject({ error: { name: 'ReplyError', prefix: 'BUSY', fate: 'not-executed' } })
    expect([...queue.calls]).toEqual([])
  })
})

describe('a blocking request that is redirected, because a master was demoted', () => {
  const demoted = '-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)\r\n'

  it('is rejected when only pauses have lasted as long as a command may wait for a connection', async () => {
    const { network, clock, wait } = start({ queueTimeout: 500 })
    const request = await wait()
    let waited = 0
    for (let answered = 0; waited < 5_000 && request.outcome === undefined; waited += 10) {
      for (; answered < network.peer.requests.length; answered += 1) {
        await network.peer.answers('-CLUSTERDOWN The cluster is down\r\n')
      }
      await clock.advance(10)
    }
    expect(waited).toBeGreaterThan(450)
    expect(request.outcome).toMatchObject({ error: { prefix: 'CLUSTERDOWN', fate: 'not-executed' } })
  })

  it('may wait at the servers for as long as it likes, however often', async () => {
    const { network, clock, wait } = start({ queueTimeout: 5_000 })
    const request = await wait()
    const { requests } = network.peer
    for (let sent = 1; sent <= 20; sent += 1) {
      await clock.advance(1_500)
      await network.peer.answers(demoted)
      while (requests.length === sent && request.outcome === undefined) await clock.advance(10)
    }
    expect([request.outcome, network.peers.length]).toEqual([undefined, 1])
    await network.peer.answers('+a\r\n')
    expect(request.outcome).toEqual({ value: 'a' })
  })
})

describe('blocking requests of a client', () => {
  it('that closes are unblocked, and their replies decide', async () => {
    const { network, queue, wait, answers } = start()
    const request = await wait()
    queue.close()
    expect([request.outcome, answers.length]).toEqual([undefined, 1])
    await network.peer.answers('+element\r\n')
    expect(request.outcome).toEqual({ value: 'element' })
  })

  it('that is destroyed are rejected now', async () => {
    const { network, queue, call, wait } = start({ blocking: { maxConnections: 1 } })
    const sent = await wait()
    const waiting = call()
    queue.destroy()
    expect(sent.outcome).toMatchObject({ error: { name: 'ClientClosedError', fate: 'unknown' } })
    expect(waiting.outcome).toMatchObject({ error: { name: 'ClientClosedError', fate: 'not-executed' } })
    expect(network.peers[0]?.isDestroyed).toBe(true)
  })

  it('that is closed are refused', () => {
    const { network, queue, call } = start()
    queue.close()
    expect(call().outcome).toMatchObject({ error: { name: 'ClientClosedError', fate: 'not-executed' } })
    expect(network.peers).toEqual([])
  })
})
