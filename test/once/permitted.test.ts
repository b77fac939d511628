import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lookup } from '../../src/commands/catalogue.js'
import { script } from '../../src/index.js'
import { kindOf, mostArguments, onceRefusal } from '../../src/once/permitted.js'
import type { Argument } from '../../src/protocol/types.js'

interface Snapshot {
  readonly commands: Readonly<Record<string, readonly { readonly flags: readonly string[] }[]>>
}

const path = new URL('../../scripts/generate/snapshot.json', import.meta.url)
const { commands } = JSON.parse(readFileSync(path, 'utf8')) as Snapshot
const refusal = (...args: Argument[]): string | undefined => onceRefusal(lookup(args), args)

describe('To run once', () => {
  it('no command is permitted that a server refuses to scripts', () => {
    const forbidden = Object.keys(commands).filter((name) =>
      commands[name]?.some(({ flags }) => flags.includes('noscript')),
    )
    expect(forbidden.length).toBeGreaterThan(80)
    const permitted = forbidden.filter((name) => {
      const args = [...name.split(' '), 'a', 'b', 'c']
      const descriptor = lookup(args)
      return descriptor.changesConnection === undefined && onceRefusal(descriptor, args) === undefined
    })
    expect(permitted).toEqual([])
  })

  it.each([
    [['BLPOP', 'k', 1], /may block/],
    [['XREADGROUP', 'GROUP', 'g', 'c', 'BLOCK', 5, 'STREAMS', 's', '>'], /may block/],
    [['WAIT', 1, 10], /may block/],
    [['WAITAOF', 1, 0, 10], /may block/],
    [['SHUTDOWN'], /scripts cannot/],
    [['EVAL', 'return 1', 1, 'k'], /use run/],
    [['EVALSHA', 'a'.repeat(40), 1, 'k'], /use run/],
    [['FCALL', 'f', 1, 'k'], /script/],
    [['NEWCOMMAND', 'k'], /does not know/],
    [['CONFIG', 'SET', 'maxmemory', '0'], /scripts cannot/],
    [['CLIENT', 'KILL', 'ID', 1], /scripts cannot/],
    [['ACL', 'DELUSER', 'u'], /scripts cannot/],
    [['SWAPDB', 0, 1], /scripts cannot/],
    [['BITFIELD', 'k', 'INCRBY', 'i64', 0, 1], /2\^53/],
    [['BITFIELD', 'k', 'SET', 'u54', 0, 1], /2\^53/],
    [['INCREX', 'k'], /2\^53/],
    [['RPUSH', 'k', ...new Array<string>(mostArguments - 1).fill('v')], /7991 words.*7990/],
  ] as [Argument[], RegExp][])('%j is refused', (args, reason) => {
    expect(refusal(...args)).toMatch(reason)
  })

  it.each([
    [['INCR', 'k']],
    [['XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 's', '>']],
    [['BITFIELD', 'k', 'INCRBY', 'u53', 0, 1]],
    [['PUBLISH', 'c', 'm']],
    [['SPUBLISH', 'c', 'm']],
    [['FLUSHALL']],
    [['XGROUP', 'CREATE', 's', 'g', '$']],
    [['JSON.SET', 'k', '$', '1']],
    [['RPUSH', 'k', ...new Array<string>(mostArguments - 2).fill('v')]],
  ] as [Argument[]][])('%j is permitted', (args) => {
    expect(refusal(...args)).toBeUndefined()
  })

  it('a script is permitted, unless it may not write a receipt', () => {
    const write = script('return 1').descriptor
    const read = script('#!lua flags=no-writes\nreturn 1').descriptor
    expect(onceRefusal(write, ['EVALSHA', 'sha', 0])).toBeUndefined()
    expect(onceRefusal(read, ['EVALSHA', 'sha', 0])).toMatch(/cannot write a receipt/)
  })

  it('the script is told whose integers it must read again, and whose errors prove nothing', () => {
    const kind = (...args: Argument[]): string => kindOf(lookup(args))
    expect(['INCR', 'INCRBY', 'DECR', 'DECRBY'].map((name) => kind(name, 'k'))).toEqual(['g', 'g', 'g', 'g'])
    expect(kind('HINCRBY', 'k', 'f', 1)).toBe('h')
    expect(kind('JSON.SET', 'k')).toBe('u')
    expect(kindOf(script('return 1').descriptor)).toBe('u')
    expect(kind('SET', 'k', 'v')).toBe('')
  })
})
