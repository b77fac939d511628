import { beforeAll, describe, expect, it } from 'vitest'
import { joinEntries, keyCode } from '../../scripts/generate/entries.js'
import type { Facts, Server } from '../../scripts/generate/facts.js'
import { askAll, check } from '../../scripts/generate/generate.js'
import type { Knowledge } from '../../scripts/generate/knowledge.js'
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
