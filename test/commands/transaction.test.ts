import { describe, expect, expectTypeOf, it } from 'vitest'
import { createClient } from '../../src/client.js'
import { lookup } from '../../src/commands/catalogue.js'
import { createTransaction } from '../../src/commands/transaction.js'
import type { TransactionEntry } from '../../src/commands/transaction-entries.js'
import { readTransaction } from '../../src/commands/transaction-results.js'
import type { DefaultReplies } from '../../src/commands/types/replies.js'
import { type IntegerTooLargeError, TransactionError, UsageError } from '../../src/errors.js'
import { ErrorReply, type Reply } from '../../src/protocol/types.js'

const entry = (...args: string[]): TransactionEntry => ({ descriptor: lookup(args), args })
const read = (entries: TransactionEntry[], ...replies: Reply[]): unknown[] | null =>
  readTransaction(entries, replies, {
    options: { buffers: false, maps: 'object', sets: 'array', integers: 'number', raw: false },
    isInSession: true,
    detailsOf: (fate) => ({ fate, command: 'MULTI', attempts: 1 }),
  })
const thrownBy = (action: () => unknown): unknown => {
  try {
    return action()
  } catch (error) {
    return error
  }
}

describe('the results of a transaction', () => {
  it('are those of its commands, as their typed methods return them', () => {
    const entries = [entry('INCR', 'a'), entry('HGETALL', 'h')]
    expect(read(entries, 'OK', 'QUEUED', 'QUEUED', [1, ['f', 'v']])).toEqual([1, { f: 'v' }])
  })

  it('are null if a watched key was changed', () => {
    expect(read([entry('INCR', 'a')], 'OK', 'QUEUED', null)).toBeNull()
  })

  it('show that a command ran whose own reply is null: MULTI may be refused after CLIENT REPLY SKIP, which hides that', () => {
    const error = thrownBy(() =>
      read([entry('GETSET', 'a', '1')], null, null, new ErrorReply('ERR EXEC without MULTI')),
    )
    expect(error).toMatchObject({ name: 'TransactionError', fate: 'executed', results: [null] })
  })

  it('show which command failed, and that the others ran', () => {
    const entries = [entry('INCR', 'a'), entry('INCR', 'b')]
    const error = thrownBy(() => read(entries, 'OK', 'QUEUED', 'QUEUED', [new ErrorReply('WRONGTYPE x'), 2]))
    expect(error).toBeInstanceOf(TransactionError)
    expect(error).toMatchObject({ fate: 'executed', results: [{ prefix: 'WRONGTYPE', command: 'INCR' }, 2] })
  })

  describe('if MULTI was refused', () => {
    const entries = [entry('INCR', 'a'), entry('NOSUCH'), entry('HGETALL', 'h')]
    const multi = new ErrorReply('NOPERM no MULTI')

    it.each(['ERR EXEC without MULTI', 'EXECABORT discarded'])(
      'are those of single commands, whatever EXEC says: %s',
      (exec) => {
        const error = thrownBy(() =>
          read(entries, multi, 1, new ErrorReply('ERR unknown'), ['f', 'v'], new ErrorReply(exec)),
        )
        expect(error).toBeInstanceOf(TransactionError)
        expect(error).toMatchObject({
          fate: 'executed',
          cause: { prefix: 'NOPERM', command: 'MULTI' },
          results: [1, { prefix: 'ERR', command: 'NOSUCH' }, { f: 'v' }],
        })
      },
    )

    it('have fate refused if every command was', () => {
      const refused = new ErrorReply('NOPERM x')
      const error = thrownBy(() => read(entries, multi, refused, refused, refused, new ErrorReply('NOPERM y')))
      expect(error).toMatchObject({ fate: 'refused', cause: { message: 'NOPERM no MULTI' } })
    })
  })

  it('show which command was refused, and that none ran', () => {
    const entries = [entry('INCR', 'a'), entry('NOSUCH')]
    const refused = [new ErrorReply('ERR unknown command'), new ErrorReply('EXECABORT discarded')]
    const error = thrownBy(() => read(entries, 'OK', 'QUEUED', ...refused))
    expect(error).toMatchObject({ fate: 'refused', results: [undefined, { prefix: 'ERR', command: 'NOSUCH' }] })
  })
})

describe('building a transaction', () => {
  const begin = () => createTransaction<DefaultReplies>(async (entries) => entries.map(({ args }) => args.join(' ')))

  it('collects typed and raw commands, and types their results', async () => {
    const results = await begin().incr('a').get('b').call('ECHO', 'c').exec()
    expectTypeOf(results).toEqualTypeOf<[number | IntegerTooLargeError, string | null, Reply]>()
    expect(results).toEqual(['INCR a', 'GET b', 'ECHO c'])
  })

  it('does no I/O without commands', async () => {
    const transaction = createTransaction(() => Promise.reject(new Error('sent')))
    expect(await transaction.exec()).toEqual([])
  })

  it('refuses a second exec, commands after it, and commands not allowed in a transaction', async () => {
    const transaction = begin().incr('a')
    await transaction.exec()
    await expect(transaction.exec()).rejects.toBeInstanceOf(UsageError)
    expect(() => transaction.get('a')).toThrow(UsageError)
    await expect(begin().call('WATCH', 'k').exec()).rejects.toBeInstanceOf(UsageError)
    await expect(
      begin()
        .call('GET', undefined as never)
        .exec(),
    ).rejects.toBeInstanceOf(UsageError)
  })

  it('sends nothing if a call was wrong, and rejects with the first UsageError', async () => {
    let isSent = false
    const transaction = createTransaction(async () => {
      isSent = true
    })
    const wrong = transaction.set('a', undefined as never).incr('b')
    const error = await wrong.exec().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'UsageError', command: 'SET', fate: 'not-executed' })
    expect((error as Error).message).toMatch(/^set: argument 2 \(undefined\) must be/)
    expect((error as Error).stack).toContain('transaction.test.ts')
    expect(isSent).toBe(false)
  })

  it('refuses arguments of multi(), and a callback of exec(), so that nothing is dropped silently', async () => {
    const client = createClient()
    const multi = client.multi.bind(client) as (commands: string[][]) => ReturnType<typeof client.multi>
    await expect(multi([['incr', 'a']]).exec()).rejects.toThrow(/^multi: expected no arguments/)
    const transaction = client.multi().incr('a')
    const exec = transaction.exec.bind(transaction) as (callback: () => void) => Promise<unknown>
    await expect(exec(() => {})).rejects.toMatchObject({ name: 'UsageError', message: 'exec: expected no arguments' })
    client.destroy()
  })
})
