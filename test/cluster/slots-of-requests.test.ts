import { describe, expect, it } from 'vitest'
import { isForReplica, slotOfRequest } from '../../src/cluster/slots-of-requests.js'
import { decodeCatalogue, lookup } from '../../src/commands/catalogue.js'
import { slotOfKey } from '../../src/commands/slots.js'
import type { TransactionEntry } from '../../src/commands/transaction-entries.js'
import { CommandRequest } from '../../src/dispatch/command-request.js'
import { settingsOf } from '../../src/dispatch/configured-request.js'
import { OnceRequest } from '../../src/dispatch/once-request.js'
import { TransactionRequest } from '../../src/dispatch/transaction-request.js'
import { resolveOptions } from '../../src/options/resolve.js'
import type { Argument } from '../../src/protocol/types.js'

decodeCatalogue()

const settings = (route?: string) => ({
  ...settingsOf(resolveOptions({})),
  routing: { redirectOf: () => undefined, route, crossSlot: 'refuse' as const, readFrom: 'master' as const },
})
const entry = (...args: Argument[]): TransactionEntry => ({ descriptor: lookup(args), args })
const ignore = (): void => {}
const maker = {
  isLoading: true,
  isHeld: () => true,
  make: (): never => {
    throw new Error('its code is not loaded')
  },
}

/** A call of these commands, as a command if there is one, else as a transaction; and the same call with the option `once`. */
const requests = (entries: readonly [TransactionEntry, ...TransactionEntry[]], route?: string) => {
  const [{ descriptor, args }] = entries
  const isOne = entries.length === 1
  return [
    isOne
      ? new CommandRequest(ignore, ignore, settings(route), descriptor, args)
      : new TransactionRequest(ignore, ignore, settings(route), entries),
    new OnceRequest(ignore, ignore, settings(route), isOne ? descriptor : lookup(['MULTI']), { entries, maker }),
  ]
}

describe('The slot of a request', () => {
  it('is that of its keys, for a command and for a transaction, with the option once or without', () => {
    for (const request of [
      ...requests([entry('SET', 'foo', 'bar')]),
      ...requests([entry('MSET', '{foo}1', 'bar', '{foo}2', 'bar')]),
      ...requests([entry('SET', 'foo', 'bar'), entry('INCR', '{foo}1')]),
      ...requests([entry('PING'), entry('INCR', 'foo')]),
      ...requests([entry('PING')], 'foo'),
      ...requests([entry('SET', 'foo', 'bar'), entry('MODULE.COMMAND', 'word')]),
      ...requests([entry('MODULE.COMMAND', 'word'), entry('SET', 'foo', 'bar')]),
    ]) {
      expect(slotOfRequest(request, '')).toBe(slotOfKey('foo'))
    }
  })

  it('does not exist if its keys have different slots, or differ from the key that the caller names', () => {
    for (const request of [
      ...requests([entry('MSET', 'foo', 'x', 'bar', 'y')]),
      ...requests([entry('SET', 'foo', 'x'), entry('SET', 'bar', 'y')]),
      ...requests([entry('SET', 'foo', 'x')], 'bar'),
    ]) {
      expect(() => slotOfRequest(request, '')).toThrow('different slots')
    }
  })
})

describe('A request is for a replica', () => {
  const isForReplicaOf = (...args: Argument[]): boolean => {
    const base = settings()
    const own = { ...base, routing: { ...base.routing, readFrom: 'replica' as const } }
    return isForReplica(new CommandRequest(ignore, ignore, own, lookup(args), args))
  }

  it('if it only reads keys, and has some', () => {
    for (const args of [
      ['GET', 'k'],
      ['MGET', 'k', 'l'],
      ['EVAL_RO', 'return 1', '1', 'k'],
      ['FCALL_RO', 'f', '1', 'k'],
    ])
      expect(isForReplicaOf(...args)).toBe(true)
    for (const args of [
      ['EVAL_RO', 'return 1', '0'],
      ['FCALL_RO', 'f', '0', 'word'],
      ['EVAL', 'return 1', '1', 'k'],
      ['TOUCH', 'k'],
      ['PING'],
      ['RANDOMKEY'],
      ['PUBSUB', 'SHARDNUMSUB', 'k'],
      ['SPUBLISH', 'k', 'v'],
      ['MODULE.COMMAND', 'k'],
    ])
      expect(isForReplicaOf(...args)).toBe(false)
  })
})
