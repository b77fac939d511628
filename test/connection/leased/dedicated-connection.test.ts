import { describe, expect, it } from 'vitest'
import { closed } from '../../../src/connection/request/rejections.js'
import { borrow, SentRequest, WaitingRequest } from '../../support/borrow.js'
import { settle } from '../../support/fake-clock.js'

/** A borrowed connection, and what its borrower is told. */
async function start() {
  const borrowed = await borrow()
  const { connection } = borrowed
  const seen: string[] = []
  connection.borrower = {
    onDrained: () => seen.push('drained'),
    onRefusedForNow: () => {},
    onUnowed: () => false,
    onEnd: () => seen.push('end'),
  }
  const send = async <Sent extends SentRequest>(request: Sent): Promise<Sent> => {
    connection.enqueue(request)
    await settle()
    return request
  }
  return { ...borrowed, send, seen }
}

describe('a request that is given up', () => {
  it('is withdrawn before it is sent', async () => {
    const { connection } = await start()
    const request = new SentRequest()
    connection.enqueue(request)
    connection.giveUp(request, closed)
    expect(request.outcome).toMatchObject({ error: { fate: 'not-executed' } })
    expect(connection.isReusable).toBe(true)
  })

  it('is settled at once when it was sent, and its reply is still waited for', async () => {
    const { network, connection, send } = await start()
    const request = await send(new SentRequest())
    connection.giveUp(request, closed)
    expect(request.outcome).toMatchObject({ error: { fate: 'unknown' } })
    expect(connection.isReusable).toBe(false)
    await network.peer.answers('+1\r\n')
    expect(connection.isReusable).toBe(true)
  })

  it('is settled by its reply when it waits at the server', async () => {
    const { network, connection, send, answers, seen } = await start()
    const request = await send(new WaitingRequest())
    connection.giveUp(request, closed)
    expect([request.outcome, answers.length]).toEqual([undefined, 1])
    await network.peer.answers('+element\r\n')
    expect(request.outcome).toEqual({ value: 'element' })
    // CLIENT UNBLOCK may still end the wait of whoever borrows the connection next.
    expect([connection.isReusable, seen]).toEqual([false, []])
    answers[0]?.(false)
    await settle()
    expect([connection.isReusable, seen]).toEqual([true, ['drained']])
  })

  it('holds the next one back while its CLIENT UNBLOCK is pending, which would end that wait instead', async () => {
    const { network, connection, send, answers, seen } = await start()
    const first = await send(new WaitingRequest())
    connection.giveUp(first, closed)
    await network.peer.answers('+element\r\n')
    const next = await send(new WaitingRequest())
    expect([first.outcome, network.peer.requests]).toEqual([{ value: 'element' }, ['ECHO 1']])
    answers[0]?.(false)
    await settle()
    expect(network.peer.requests).toEqual(['ECHO 1', 'ECHO 1'])
    await network.peer.answers('+another\r\n')
    expect([next.outcome, seen]).toEqual([{ value: 'another' }, ['drained']])
  })

  it('lets the next one be sent as soon as both are answered, in whichever order', async () => {
    const { network, connection, send, answers } = await start()
    connection.giveUp(await send(new WaitingRequest()), closed)
    answers[0]?.(true)
    await settle()
    await send(new WaitingRequest())
    expect(network.peer.requests).toEqual(['ECHO 1'])
    await network.peer.answers('-UNBLOCKED\r\n')
    expect(network.peer.requests).toEqual(['ECHO 1', 'ECHO 1'])
  })

  it('ends its connection when no reply comes', async () => {
    const { network, clock, connection, send, answers, seen } = await start()
    connection.giveUp(await send(new WaitingRequest()), closed)
    answers[0]?.(true)
    await clock.advance(1_000)
    expect(seen).toEqual(['end'])
    expect(network.peer.isDestroyed).toBe(true)
    expect(clock.pending).toBe(0)
  })
})

it('a connection whose state can not be restored is not lent again, and its borrower is told', async () => {
  const { network, pool, connection, send, seen } = await start()
  await send(new WaitingRequest())
  connection.spoil()
  pool.release(connection)
  expect(seen).toEqual(['end'])
  expect(network.peer.isDestroyed).toBe(true)
  expect(pool.connections.size).toBe(0)
})
