import { describe, expect, it } from 'vitest'
import { SessionQueue } from '../../../src/connection/leased/session-queue.js'
import { Counters } from '../../../src/connection/request/counters.js'
import { Intake } from '../../../src/connection/request/intake.js'
import { closed } from '../../../src/connection/request/rejections.js'
import type { Request } from '../../../src/connection/request/request.js'
import type { AbortError } from '../../../src/errors.js'
import { borrow, SentRequest, WaitingRequest } from '../../support/borrow.js'
import { settle } from '../../support/fake-clock.js'
import type { FakeIdentity } from '../../support/fake-network.js'

async function start(identity: FakeIdentity = {}) {
  const { network, clock, connection, answers } = await borrow({}, identity)
  const counters = new Counters()
  const queues = new WeakMap<Request, SessionQueue>()
  const intake = new Intake(clock, counters, (request, rejection) => queues.get(request)?.giveUp(request, rejection))
  const queue = new SessionQueue(connection, { clock, counters, onLost: () => {}, intake, queues })
  const lost: Error[] = []
  queue.onLost = (error) => lost.push(error)
  const send = async <Sent extends SentRequest>(request: Sent, signal?: AbortSignal): Promise<Sent> => {
    queue.enqueue(request, signal)
    await settle()
    return request
  }
  return { peer: network.peer, clock, counters, queue, send, lost, answers }
}

describe('the requests of a session', () => {
  it('are sent in order on its connection, and settled by their replies', async () => {
    const { peer, counters, send } = await start()
    const [first, second] = [await send(new SentRequest()), await send(new SentRequest())]
    expect(peer.requests).toEqual(['ECHO 1', 'ECHO 1'])
    await peer.answers('+a\r\n', '+b\r\n')
    expect([first.outcome, second.outcome]).toEqual([{ value: 'a' }, { value: 'b' }])
    expect(counters.sent).toBe(2)
  })

  it('are not sent if their signal was aborted before', async () => {
    const { peer, send } = await start()
    const request = await send(new SentRequest(), AbortSignal.abort())
    expect(request.outcome).toMatchObject({ error: { name: 'AbortError', fate: 'not-executed' } })
    expect(peer.requests).toEqual([])
  })

  it('that the server refuses for now are the caller’s to repeat: later ones may have run', async () => {
    const { peer, send } = await start()
    const request = await send(new WaitingRequest())
    await peer.answers('-BUSY script\r\n')
    expect(request.outcome).toMatchObject({ value: { message: 'BUSY script' } })
    expect(peer.requests).toHaveLength(1)
  })
})

describe('a session whose connection is lost', () => {
  it('sends nothing again, whatever the retry policy: its state is lost, too', async () => {
    const { peer, counters, send, lost } = await start()
    const request = await send(new SentRequest())
    await peer.ends(new Error('reset'))
    expect(request.mayReplay()).toBe(true)
    expect(request.outcome).toMatchObject({ error: { name: 'SessionLostError', fate: 'unknown', attempts: 1 } })
    expect(counters.rejectedOnLoss).toBe(1)
    expect(lost).toMatchObject([{ name: 'SessionLostError', cause: { message: expect.stringContaining('reset') } }])
  })

  it('rejects what was not handed to the socket, and all that follows: not executed', async () => {
    const { peer, queue, send } = await start()
    const waiting = new SentRequest()
    queue.enqueue(waiting, undefined)
    await peer.ends()
    const late = await send(new SentRequest())
    for (const { outcome } of [waiting, late]) {
      expect(outcome).toMatchObject({ error: { name: 'SessionLostError', fate: 'not-executed', attempts: 0 } })
    }
  })

  it('tells callers that give up before it is fenced what became of their requests: what was sent may have run', async () => {
    const { peer, clock, queue, send } = await start({ address: '10.0.0.9:4711', runId: 'aaaa' })
    const controller = new AbortController()
    const sent = await send(new SentRequest(), controller.signal)
    const waiting = new SentRequest()
    queue.enqueue(waiting, controller.signal)
    await peer.ends(new Error('reset'))
    expect([sent.outcome, waiting.outcome]).toEqual([undefined, undefined])
    controller.abort()
    await settle()
    expect(sent.outcome).toMatchObject({ error: { name: 'AbortError', fate: 'unknown', attempts: 1 } })
    expect(waiting.outcome).toMatchObject({ error: { name: 'AbortError', fate: 'not-executed', attempts: 0 } })
    // No other connection fences it.
    await clock.advance(10_000)
    const { error } = sent.outcome as { error: AbortError }
    await expect(error.outcome).rejects.toMatchObject({ name: 'SessionLostError', fate: 'unknown' })
  })

  it('rejects what was given up at once, and the others only when the fence is answered, or can not be', async () => {
    const { peer, clock, counters, queue, send } = await start({ address: '127.0.0.1:4711', runId: 'a' })
    const waiting = await send(new WaitingRequest())
    const other = await send(new SentRequest())
    queue.giveUp(waiting, closed)
    await peer.ends(new Error('reset'))
    expect(waiting.outcome).toMatchObject({ error: { name: 'ClientClosedError', fate: 'unknown', attempts: 1 } })
    expect(other.outcome).toBeUndefined()
    await clock.advance(10_000)
    expect(other.outcome).toMatchObject({ error: { name: 'SessionLostError', fate: 'unknown' } })
    expect([counters.rejectedOnLoss, clock.pending]).toEqual([1, 0])
  })

  it('has nothing left to wait for', async () => {
    const { peer, clock, queue, send } = await start()
    await send(new SentRequest())
    const drained = queue.drained()
    await peer.ends()
    await drained
    await queue.drained()
    expect(clock.pending).toBe(0)
  })
})

describe('a session that ends', () => {
  it('waits until its connection is drained', async () => {
    const { peer, queue, send } = await start()
    await send(new SentRequest())
    let isDrained = false
    void queue.drained().then(() => {
      isDrained = true
    })
    await settle()
    expect(isDrained).toBe(false)
    await peer.answers('+a\r\n')
    expect(isDrained).toBe(true)
  })

  it('unblocks requests that wait at the server, and leaves the others to their replies', async () => {
    const { peer, queue, send, answers } = await start()
    const waiting = await send(new WaitingRequest())
    const other = await send(new SentRequest())
    queue.unblock()
    expect(answers).toHaveLength(1)
    await peer.answers('_\r\n', '+a\r\n')
    expect(other.outcome).toEqual({ value: 'a' })
    expect(waiting.giveUp).not.toBeNull()
  })

  it('withdraws requests that were not sent yet and would wait, and refuses new ones', async () => {
    const { peer, queue, send } = await start()
    const [unsent, other] = [new WaitingRequest(), new SentRequest()]
    queue.enqueue(unsent, undefined)
    queue.enqueue(other, undefined)
    queue.unblock()
    const late = await send(new WaitingRequest())
    for (const { outcome } of [unsent, late]) {
      expect(outcome).toMatchObject({ error: { name: 'ClientClosedError', fate: 'not-executed' } })
    }
    expect(peer.requests).toEqual(['ECHO 1'])
    await peer.answers('+a\r\n')
    expect(other.outcome).toEqual({ value: 'a' })
  })

  it('does not hear of the loss of its connection afterwards', async () => {
    const { peer, queue, lost } = await start()
    queue.leave()
    await peer.ends()
    expect(lost).toEqual([])
  })
})

describe('a reply that no request waits for', () => {
  it('is a line of MONITOR if the session listens', async () => {
    const { peer, queue } = await start()
    const lines: string[] = []
    queue.onLine = (line) => lines.push(line)
    await peer.answers('+1700000000.1 [0 127.0.0.1:1] "GET" "a"\r\n')
    expect(lines).toEqual(['1700000000.1 [0 127.0.0.1:1] "GET" "a"'])
    expect(peer.isDestroyed).toBe(false)
  })

  it('ends the connection otherwise: replies no longer match requests', async () => {
    const { peer, lost } = await start()
    await peer.answers('+stray\r\n')
    expect(peer.isDestroyed).toBe(true)
    expect(lost).toHaveLength(1)
  })
})
