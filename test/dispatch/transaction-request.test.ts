import { describe, expect, it } from 'vitest'
import { lookup } from '../../src/commands/catalogue.js'
import { settingsOf } from '../../src/dispatch/configured-request.js'
import { TransactionRequest } from '../../src/dispatch/transaction-request.js'
import { resolveOptions } from '../../src/options/resolve.js'
import { Encoder } from '../../src/protocol/encoder.js'

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
