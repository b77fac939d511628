import { describe, expect, it } from 'vitest'
import { Client } from '../../../src/client.js'
import { OwnQuestion } from '../../../src/cluster/own-question.js'
import { Closing } from '../../../src/connection/shared/closing.js'
import { SharedConnection } from '../../../src/connection/shared/shared-connection.js'
import type { AbortError } from '../../../src/errors.js'
import { connectorSettings } from '../../support/connector-settings.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { FakeNetwork } from '../../support/fake-network.js'
import { TestRequest } from '../../support/test-request.js'

function start(others?: Promise<void>): { closing: Closing; clock: FakeClock; events: string[] } {
  const clock = new FakeClock()
  const closing = new Closing(clock)
  const events: string[] = []
  closing.begin(
    100,
    () => events.push('over'),
    others,
    () => events.push('released'),
  )
  return { closing, clock, events }
}

describe('close()', () => {
  it('is held until what must end first has ended', async () => {
    let release: () => void = () => {}
    const others = new Promise<void>((resolve) => {
      release = resolve
    })
    const { closing, events } = start(others)
    expect(closing.isHeld).toBe(true)
    release()
    await others
    expect(closing.isHeld).toBe(false)
    expect(events).toEqual(['released'])
  })

  it('is not held where nothing must end first', () => {
    expect(start().closing.isHeld).toBe(false)
  })

  it('is over after its time, unless it has finished', async () => {
    const late = start()
    await late.clock.advance(100)
    expect(late.events).toEqual(['over'])
    const early = start()
    const closed = early.closing.wait()
    early.closing.finish()
    await closed
    await early.clock.advance(100)
    expect(early.events).toEqual([])
  })
})

/** A connection that is ready, and a question of the client itself. */
async function startReady() {
  const { network, clock, settings } = connectorSettings()
  const ignore = (): void => {}
  const shared = new SharedConnection(settings, { onStatus: ignore, onLost: ignore, onError: ignore, onPush: ignore })
  shared.start()
  await network.peer.welcomes()
  const failures: unknown[] = []
  const question = new OwnQuestion(['CLUSTER', 'SLOTS'], ignore, (error) => failures.push(error))
  return { network, clock, shared, question, failures }
}

describe('close() does not wait for a question of the client itself', () => {
  it('whose reply is pending, and rejects it', async () => {
    const { clock, shared, question, failures } = await startReady()
    shared.enqueueFirst(question)
    await settle()
    await shared.close(5_000)
    expect(failures).toMatchObject([{ name: 'ClientClosedError' }])
    expect(clock.pending).toBe(0)
  })

  it('that was sent after a call, once that is answered', async () => {
    const { network, clock, shared, question, failures } = await startReady()
    const call = new TestRequest()
    shared.enqueue(call, undefined)
    await settle()
    shared.enqueueFirst(question)
    await settle()
    const closed = shared.close(5_000)
    await clock.advance(10)
    expect(shared.status).toBe('closing')
    await network.peer.answers('+OK\r\n')
    expect(call.outcome).toEqual({ value: 'OK' })
    await closed
    expect(failures).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('but for a call that was sent after it, even if its caller no longer waits', async () => {
    const { network, shared, question, failures } = await startReady()
    shared.enqueueFirst(question)
    const call = new TestRequest()
    const calling = new AbortController()
    shared.enqueue(call, calling.signal)
    await settle()
    calling.abort()
    const closed = shared.close(5_000)
    await settle()
    expect(shared.status).toBe('closing')
    await network.peer.answers('*0\r\n', '+OK\r\n')
    await closed
    expect(await (call.outcome as { error: AbortError }).error.outcome).toBe('OK')
    expect(failures).toEqual([])
  })
})

it('close() sends what waits behind a call that is sent alone', async () => {
  const network = new FakeNetwork()
  const client = new Client({}, undefined, { dial: network.dial, clock: new FakeClock() })
  void client.connect()
  await network.peer.welcomes()
  const refused = client.call('SHUTDOWN').catch((error: Error) => error.message)
  const set = client.set('k', 1)
  const closed = client.close()
  await settle()
  expect(network.peer.requests).toEqual(['SHUTDOWN'])
  await network.peer.answers('-ERR Errors trying to SHUTDOWN. Check logs.\r\n')
  expect(network.peer.requests).toEqual(['SHUTDOWN', 'SET k 1'])
  await network.peer.answers('+OK\r\n')
  expect([await refused, await set]).toEqual(['ERR Errors trying to SHUTDOWN. Check logs.', 'OK'])
  await closed
})
