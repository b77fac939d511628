import { describe, expect, it } from 'vitest'
import { sendSplit } from '../../src/cluster/split.js'
import { decodeCatalogue, lookup } from '../../src/commands/catalogue.js'
import { type PartialError, ReplyError } from '../../src/errors.js'
import type { Argument } from '../../src/protocol/types.js'

decodeCatalogue()

/** The slot of a key is its first character. */
const slotOf = (key: Argument): number => String(key).charCodeAt(0)

const split = async (args: Argument[], send: (part: Argument[]) => unknown): Promise<[unknown, Argument[][]]> => {
  const sent: Argument[][] = []
  const value = await sendSplit(lookup(args), args, slotOf, async (part) => {
    sent.push(part)
    return send(part)
  })
  return [value, sent]
}

describe('A command over several slots', () => {
  it('is sent as one command for each, and its values come in the order of its keys', async () => {
    const [value, sent] = await split(['MGET', 'a1', 'b1', 'a2', 'b1'], (part) => part.slice(1).map((key) => `${key}!`))
    expect(sent).toEqual([
      ['MGET', 'a1', 'a2'],
      ['MGET', 'b1', 'b1'],
    ])
    expect(value).toEqual(['a1!', 'b1!', 'a2!', 'b1!'])
  })

  it('sums what is counted, and keeps pairs together', async () => {
    expect((await split(['DEL', 'a', 'b', 'b2'], (part) => part.length - 1))[0]).toBe(3)
    const [ok, sent] = await split(['MSET', 'a', 1, 'b', 2, 'a2', 3], () => 'OK')
    expect(ok).toBe('OK')
    expect(sent).toEqual([
      ['MSET', 'a', 1, 'a2', 3],
      ['MSET', 'b', 2],
    ])
  })

  it('is refused before a part is sent if a key has no value', async () => {
    const sent: unknown[] = []
    await expect(split(['MSET', 'a', 1, 'b'], (part) => sent.push(part))).rejects.toThrow(
      'mset: its last key has no value',
    )
    expect(sent).toEqual([])
  })

  it.each([
    [['DEL', 'a', undefined], 'del: argument 2 (undefined) must be'],
    [['MSET', 'a', 1, 'b', undefined], 'mset: argument 4 (undefined) must be'],
  ])('is refused before a part is sent if an argument can not be sent: %j', async (args, message) => {
    const sent: unknown[] = []
    await expect(split(args as Argument[], (part) => sent.push(part))).rejects.toThrow(message)
    expect(sent).toEqual([])
  })

  it('is sent as it is if its keys have one slot', async () => {
    expect((await split(['MGET', 'a', 'a2'], () => [1, 2]))[1]).toEqual([['MGET', 'a', 'a2']])
  })

  it.each([
    [['ok', 'refused'], 'executed'],
    [['ok', 'unknown'], 'executed'],
    [['unknown', 'not-executed'], 'unknown'],
    [['not-executed', 'not-executed'], 'not-executed'],
  ] as const)('with the parts %j has the fate %s', async (parts, fate) => {
    const outcomes = [...parts]
    const error: PartialError = await split(['DEL', 'a', 'b'], () => {
      const outcome = outcomes.shift()
      if (outcome === 'ok') return 1
      throw new ReplyError('ERR no', { fate: outcome as 'unknown' })
    }).then(
      () => expect.unreachable(),
      (reason: PartialError) => reason,
    )
    expect(error).toMatchObject({ code: 'PARTIAL', fate })
    expect(error.parts.map(({ keys }) => keys)).toEqual([['a'], ['b']])
  })
})
