import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { joinEntries, keyCode } from '../../scripts/generate/entries.js'
import type { Facts, Server } from '../../scripts/generate/facts.js'
import { askAll, check } from '../../scripts/generate/generate.js'
import { sequenceOf } from '../../scripts/generate/grammar.js'
import type { Knowledge } from '../../scripts/generate/knowledge.js'
import { readMethodLines } from '../../scripts/generate/method-lines.js'
import { methodsOf } from '../../scripts/generate/methods.js'
import { classCode } from '../../scripts/generate/table-text.js'

const facts: Facts = { since: '1.0', group: 'string', arity: 2, flags: [], tips: [], keys: ['1+0/1'] }
const known: Knowledge = { name: 'GET', retryClass: 'read', reply: 'same', route: '', more: new Map(), reason: 'reads' }
const server = (commands: Server['commands']): Server => ({ name: 'redis 9.9', commands })

describe('what npm run generate makes', () => {
  let servers: Server[]
  beforeAll(async () => {
    servers = await askAll()
  })

  it('is what is committed, and nothing is missing of what servers offer', () => {
    expect(check(servers)).toEqual([])
  })

  it('lacks a command that a server of another version offers, and says so', () => {
    const [problem] = check([...servers, server({ NEW: facts })])
    expect(problem).toBe('NEW (redis 9.9): no class and no reply form in knowledge.txt (flags: )')
  })
})

describe('a problem is', () => {
  const problemsOf = (servers: readonly Server[], knowledge: readonly Knowledge[]): string[] =>
    joinEntries(servers, knowledge).problems

  it('a command or subcommand that is not known; a container is none', () => {
    const problems = problemsOf([server({ GET: facts, NEW: facts, 'NEW SUB': facts })], [known])
    expect(problems).toEqual(['NEW SUB (redis 9.9): no class and no reply form in knowledge.txt (flags: )'])
  })

  it('keys that nobody tells, or that servers tell differently', () => {
    expect(problemsOf([], [known])).toEqual(['GET: no server tells its keys, and knowledge.txt does not'])
    const servers = [server({ GET: facts }), server({ GET: { ...facts, keys: ['2+0/1'] } })]
    expect(problemsOf(servers, [known])).toEqual(['GET: servers differ on its keys: 1, 2'])
    expect(problemsOf([server({ GET: { ...facts, keys: ['?'] } })], [known])).toHaveLength(1)
    const byHand = { ...known, more: new Map([['keys', '1']]) }
    expect(problemsOf([server({ GET: { ...facts, keys: ['?'] } })], [byHand])).toEqual([])
  })
})

it.each([
  [['1+0/1'], '1'],
  [['1+-1/1'], '1:-1'],
  [['1+-1/2'], '1:-1:2'],
  [['1+1/1'], '1:2'],
  [['1+0/1', '2+0/1'], '1:2'],
  [['2+0/1', '3+-1/1'], '2:-1'],
  [['1+0/1', '2#0,1,1'], '1+#2'],
  [['1#0,1,2'], '#1*2'],
  [['!1+0/1'], '!1'],
  [['STREAMS@1+-1/1/2'], '?'],
  [[], ''],
])('the key specifications %j are the code %j', (specs, code) => {
  expect(keyCode(specs)).toBe(code)
})

it.each([
  ['read', 'r'],
  ['=sort', '=sort'],
  ['idempotent @1', 'i@1'],
  ['unsafe 2-2: read STATUS', 'u2-2:rSTATUS'],
  ['idempotent 3: unsafe NX IFEQ; convergent GET', 'i3:uNX,IFEQ;cGET'],
])('the class %j is the code %j', (given, code) => {
  expect(classCode(given)).toBe(code)
})

describe('docs/commands.md', () => {
  const lines = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8').split('\n')
  const rowOf = (method: string): string => lines.find((line) => line.startsWith(`| \`${method}(`)) ?? ''

  it('has as many cells in each row as in the head of the table', () => {
    const cells = (line: string): number => line.split(/(?<!\\)\|/).length
    const rows = lines.map((line, i) => [line, lines[i - 1] ?? ''] as const).filter(([line]) => line.startsWith('|'))
    expect(rows.filter(([line, above]) => above.startsWith('|') && cells(line) !== cells(above))).toEqual([])
  })

  it('lists all types of a reply', () => {
    expect(rowOf('georadiusRo')).toContain('`Bulk[]`, `Bulk[] \\| [member: Bulk')
    expect(rowOf('zdiff')).toContain('| `[member: Bulk, score: number][]`, `Bulk[]` |')
  })

  it('shows each list of arguments, also those that are one list for the compiler', () => {
    expect(rowOf('xread')).toContain('STREAMS key [key ...] id [id ...]')
    expect(rowOf('xreadgroup')).toContain('STREAMS key [key ...] id [id ...]')
    expect(rowOf('eval')).toContain('numkeys [key ...] [arg ...]')
  })
})

describe('options behind a list', () => {
  const entry = (syntax: NonNullable<Facts['syntax']>, condition: string): string[] => {
    const servers = [server({ GET: { ...facts, arity: -2, syntax } })]
    const lines = readMethodLines().filter(({ name }) => name === 'GET')
    const replies = [{ condition: { having: [], lacking: [condition] }, type: 'Bulk' }]
    const { entries } = joinEntries(servers, [known])
    return methodsOf(entries, [{ ...(lines[0] as (typeof lines)[0]), replies }], servers).problems
  }
  const option = ['full', 'pure-token', 'FULL', 'optional'] as const

  it('are told from numbers', () => {
    const syntax = [['at', 'integer', '', 'multiple'] as const, option]
    expect(entry(syntax, 'FULL')).toEqual([])
    expect(sequenceOf(syntax)[0]).toMatchObject({ kind: 'list', item: [{ type: 'digits' }] })
    expect(sequenceOf(syntax.slice(0, 1))[0]).toMatchObject({ kind: 'list', item: [{ type: 'number' }] })
  })

  it('are not told from text', () => {
    const problem = "methods.txt: GET: types can't tell whether FULL is there"
    expect(entry([['field', 'string', '', 'multiple'], option], 'FULL')).toEqual([problem])
  })
})
