import { describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import { lookup } from '../../src/commands/catalogue.js'
import { CommandRequest } from '../../src/dispatch/command-request.js'
import { settingsOf } from '../../src/dispatch/configured-request.js'
import { TransactionRequest } from '../../src/dispatch/transaction-request.js'
import { resolveOptions } from '../../src/options/resolve.js'
import { Encoder } from '../../src/protocol/encoder.js'
import { ErrorReply } from '../../src/protocol/types.js'
import { FakeClock } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'

/** A transaction whose frames have been made. @returns it, and the bytes behind that of MULTI */
function written(): { request: TransactionRequest; bytesBehindMulti: number } {
  const entries = [{ descriptor: lookup(['INCR', 'n']), args: ['INCR', 'n'] }]
  const request = new TransactionRequest(
    () => {},
    () => {},
    settingsOf(resolveOptions({})),
    entries,
  )
  const encoder = new Encoder()
  request.encode(encoder)
  return { request, bytesBehindMulti: encoder.length - '*1\r\n$5\r\nMULTI\r\n'.length }
}

describe('a transaction that was cut while it was being written', () => {
  it('may have run in part as long as MULTI has no answer, unless nothing behind MULTI left: the user may not be allowed to run MULTI', () => {
    const { request, bytesBehindMulti } = written()
    expect(request.neededBytes).toBe(bytesBehindMulti)
  })

  it('has not run when MULTI was answered OK', () => {
    const { request } = written()
    request.collect('OK')
    expect(request.neededBytes).toBe(1)
  })

  it('may have run in part when a command behind MULTI was run, as a proxy does that does not know transactions', () => {
    const { request, bytesBehindMulti } = written()
    request.collect('OK')
    request.collect(1)
    expect(request.neededBytes).toBe(bytesBehindMulti)
  })
})

describe('the beginning of an error in reply to EXEC', () => {
  it('proves nothing: it may be BUSY, which leaves the transaction open on older servers, and a later EXEC runs it', () => {
    const { request } = written()
    for (const reply of ['OK', 'QUEUED']) request.collect(reply)
    expect(request.evidenceOf('error')).toBe('none')
  })

  it('proves nothing if EXEC was sent by hand', () => {
    const exec = new CommandRequest(
      () => {},
      () => {},
      settingsOf(resolveOptions({})),
      lookup(['EXEC']),
      ['EXEC'],
    )
    expect(exec.evidenceOf('error')).toBe('none')
  })

  it('proves nothing about commands that ran one by one because MULTI was refused', () => {
    const { request } = written()
    for (const reply of [new ErrorReply('NOPERM no MULTI for you'), 1]) request.collect(reply)
    expect(request.evidenceOf('error')).toBe('value')
  })
})

describe('a transaction whose MULTI was refused because the server was busy', () => {
  const busy = '-BUSY Redis is busy running a script.\r\n'
  const notOpen = '-ERR EXEC without MULTI\r\n'

  /** @returns how often a transaction of this command and INCR b was sent, and its error */
  async function answered(command: readonly [string, ...string[]], ...replies: string[]) {
    const network = new FakeNetwork()
    const clock = new FakeClock()
    const client = new Client({ retry: 'never', pingInterval: 0 }, undefined, { dial: network.dial, clock })
    const connected = client.connect()
    await network.peer.welcomes()
    await connected
    let error: unknown
    client
      .multi()
      .call(...command)
      .incr('b')
      .exec()
      .catch((reason: unknown) => {
        error = reason
      })
    await clock.advance(0)
    await network.peer.answers(...replies)
    await clock.advance(1_000)
    const times = network.peer.requests.filter((request) => request === 'MULTI').length
    client.destroy()
    return { times, error }
  }

  it('is sent again if the server refused everything else, too: nothing ran', async () => {
    expect(await answered(['INCR', 'a'], busy, busy, busy, notOpen)).toEqual({ times: 2, error: undefined })
  })

  it('is not sent again if one of its commands ran, because the script had ended by then', async () => {
    const { times, error } = await answered(['INCR', 'a'], busy, busy, ':1\r\n', notOpen)
    expect(times).toBe(1)
    expect(error).toMatchObject({ name: 'TransactionError', fate: 'executed' })
  })

  it('is not sent again if it has a script, which may return BUSY after its work', async () => {
    const { times, error } = await answered(['EVAL', 'return 1', '0'], busy, busy, busy, notOpen)
    expect(times).toBe(1)
    expect(error).toMatchObject({ name: 'TransactionError', fate: 'refused' })
  })
})
