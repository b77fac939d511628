import { readFileSync } from 'node:fs'
import { methodName } from '../../src/commands/method-names.js'
import type { Entry } from './entries.js'
import type { Facts, Server, SyntaxNode } from './facts.js'
import {
  type Condition,
  camelCase,
  fewest,
  greatest,
  leaves,
  listsOf,
  type Part,
  type Sequence,
  sequenceOf,
} from './grammar.js'
import type { MethodLine } from './method-lines.js'

/** All that is known of the typed method of a command. */
export interface Method {
  readonly entry: Entry
  /** The method's name in TypeScript. */
  readonly name: string
  readonly summary: string
  readonly group: string
  /** `Redis 1.0.0`, or `Valkey 9.0.0`. */
  readonly since: string
  /** `O(1)`; undefined where no server tells. */
  readonly complexity: string | undefined
  /** The arguments, whatever the reply. */
  readonly parts: Sequence
  readonly signatures: readonly Signature[]
  /** It takes names and values as an object, too. */
  readonly takesObject: boolean
  /** What is checked at run time. */
  readonly shape: string
  /** It changes its connection: for sessions only. */
  readonly isForSessions: boolean
}

/** One form of a call. */
export interface Signature {
  readonly parts: Sequence
  readonly reply: string
}

/** Where the syntax repeats a name and a value, they may be given as an object. */
const takingObjects = new Set(['HSET', 'HMSET', 'MSET', 'MSETNX', 'XADD', 'CONFIG SET', 'HSETEX', 'MSETEX'])

export function methodsOf(
  entries: readonly Entry[],
  lines: readonly MethodLine[],
  servers: readonly Server[],
): { readonly methods: Method[]; readonly problems: string[] } {
  const problems: string[] = []
  const known = new Map(lines.map((line) => [line.name, line]))
  for (const { name } of lines) {
    if (!entries.some((entry) => entry.name === name))
      problems.push(`methods.txt: ${name} is no command of knowledge.txt`)
  }
  const methods = entries.flatMap((entry) => {
    const line = known.get(entry.name)
    if (line !== undefined) return [methodOf(entry, line, servers, problems)]
    const isForSessions = entry.more.has('connection') || entry.route === 'never'
    if (!isForSessions) problems.push(`${entry.name}: no reply type in methods.txt`)
    return []
  })
  const names = methods.map(({ name }) => name)
  for (const name of names.filter((one, i) => names.indexOf(one) !== i))
    problems.push(`two commands are called ${name}`)
  return { methods, problems }
}

function methodOf(entry: Entry, line: MethodLine, servers: readonly Server[], problems: string[]): Method {
  const told = servers.flatMap(({ name, commands }) => {
    const facts = commands[entry.name]
    return facts === undefined ? [] : [{ server: name, facts }]
  })
  const facts = told.map((one) => one.facts)
  const written = documented[entry.name]
  const known = [
    ...facts.flatMap((one) => (one.syntax === undefined ? [] : [one.syntax])),
    ...(written === undefined ? [] : [written]),
  ]
  const syntaxes = known.length > 0 ? known : facts.map((one) => syntaxOfArity(entry, one))
  const isLonger = (one: unknown, other: unknown): boolean => JSON.stringify(one).length > JSON.stringify(other).length
  const syntax = syntaxes.reduce((longest, one) => (isLonger(one, longest) ? one : longest), syntaxes[0] ?? anything)
  const parts = sequenceOf(syntax)
  const signatures = line.replies.flatMap(({ condition, type }, i) => {
    const own = sequenceOf(syntax, condition)
    const isDecided = (name: string): boolean =>
      line.replies.slice(0, i).some((earlier) => earlier.condition.having.includes(name))
    const lacking = condition.lacking.filter((name) => !isDecided(name))
    const wrong = undecided(own, parts, { having: condition.having, lacking })
    if (wrong === undefined) return [{ parts: own, reply: type }]
    problems.push(`methods.txt: ${entry.name}: types can't tell whether ${wrong} is there`)
    return []
  })
  return {
    entry,
    name: methodName(entry.name),
    summary: line.summary,
    group: groupOf(entry, told.at(-1)?.facts),
    since: sinceOf(told),
    complexity: /O\((?:[^()]|\([^()]*\))*\)/.exec(told.at(-1)?.facts.complexity ?? '')?.[0],
    parts,
    signatures,
    takesObject: takingObjects.has(entry.name),
    shape: shapeOf(entry, facts, parts, syntaxes),
    isForSessions: entry.more.has('connection'),
  }
}

/** The argument of a condition that types can't decide on: it does not exist, or any text may stand where it stands. */
function undecided(own: Sequence, all: Sequence, { having, lacking }: Condition): string | undefined {
  const isThere = (name: string, parts: Sequence): boolean =>
    JSON.stringify(parts, (_, value) => (value?.kind === 'mix' ? null : value)).includes(`"${camelCase(name)}"`) ||
    JSON.stringify(parts, (_, value) => (value?.kind === 'mix' ? null : value)).includes(`"token":"${name}"`)
  const missing = having.find((name) => !isThere(name, own))
  if (missing !== undefined) return missing
  return lacking.find(
    (name) => (!isThere(name, all) && !leaves(all).some((part) => isNamed(part, name))) || takesText(own),
  )
}

const isNamed = (part: Part, name: string): boolean =>
  (part.kind === 'token' && part.token === name) || (part.kind === 'value' && part.name === camelCase(name))

/** Whether any text may be repeated, or stand among options that have no fixed order. */
const takesText = (parts: Sequence): boolean =>
  parts.some((part) => {
    if (part.kind === 'mix') return part.items.some((item) => item.kind === 'value' && item.type !== 'number')
    if (part.kind === 'list') return part.item.some((item) => item.kind === 'value' && item.type !== 'digits')
    if (part.kind === 'choice') return part.alternatives.some(takesText)
    return part.kind === 'any-order' && part.groups.some((group) => takesText(group.parts))
  })

/** Arguments of which nothing is known. */
const anything: readonly SyntaxNode[] = [['argument', 'string', '', 'optional multiple']]

/** Grammars of newer versions than the servers that were asked, from the documentation of Redis: see README.md. */
const documented: Readonly<Record<string, readonly SyntaxNode[]>> = JSON.parse(
  readFileSync(new URL('documented.json', import.meta.url), 'utf8'),
)

/** What can be said of arguments where only their number is known. */
function syntaxOfArity(entry: Entry, { arity }: Facts): SyntaxNode[] {
  // Alone it lists all commands; its subcommands have methods of their own.
  if (entry.name === 'COMMAND') return []
  const count = Math.max(0, Math.abs(arity) - wordsOf(entry.name))
  const hasKey = /^1(?!:-)/.test(entry.keys)
  const nodes = Array.from(
    { length: count },
    (_, i): SyntaxNode => (hasKey && i === 0 ? ['key', 'key'] : [`argument${i + 1}`, 'string']),
  )
  return arity > 0 ? nodes : [...nodes, ...anything]
}

const wordsOf = (name: string): number => name.split(' ').length

function groupOf({ name, more }: Entry, facts: Facts | undefined): string {
  if (more.has('connection')) return 'session'
  const module = /^([A-Z]+)\./.exec(name)?.[1]
  if (module !== undefined) return modules[module] ?? module.toLowerCase()
  if (/^V[A-Z]+$/.test(name) && facts?.group === 'module') return 'vector-set'
  return (facts?.group ?? 'generic').replaceAll('_', '-')
}

const modules: Readonly<Record<string, string>> = {
  BF: 'bloom-filter',
  CF: 'cuckoo-filter',
  CMS: 'count-min-sketch',
  FT: 'search',
  JSON: 'json',
  TDIGEST: 't-digest',
  TOPK: 'top-k',
  TS: 'time-series',
}

function sinceOf(told: readonly { readonly server: string; readonly facts: Facts }[]): string {
  const redis = told.find(({ server }) => server.startsWith('redis'))
  const { server = '', facts } = redis ?? told[0] ?? {}
  const version = /^\d+(\.\d+)*$/.test(facts?.since ?? '') ? ` ${facts?.since}` : ''
  return `${server.startsWith('valkey') ? 'Valkey' : 'Redis'}${version}`
}

/**
 * `least-most@from-behind:`: how many arguments, arrays and objects being taken apart; from which on arrays may stand, and how many
 * arguments stand behind them; whether objects may.
 */
function shapeOf(
  entry: Entry,
  facts: readonly Facts[],
  parts: Sequence,
  syntaxes: readonly (readonly SyntaxNode[])[],
): string {
  const words = wordsOf(entry.name)
  const isFixed = facts.length > 0 && facts.every(({ arity }) => arity > 0)
  const counts = facts.flatMap(({ arity }) => (arity === -1 ? [] : [Math.abs(arity) - words]))
  const least = counts.length === 0 ? fewest(parts) : Math.min(...counts)
  const most = isFixed
    ? Math.max(...counts)
    : Math.max(greatest(parts), ...syntaxes.map((one) => greatest(sequenceOf(one))))
  const lists = listsOf(parts)
  const count = least === most ? `${least}` : `${least}-${most === Infinity ? '' : most}`
  if (lists === undefined) return count
  const behind = lists.behind === 0 ? '' : `-${lists.behind}`
  return `${count}@${lists.from}${behind}${takingObjects.has(entry.name) ? ':' : ''}`
}

/** For the documentation: the arguments as servers write them. */
export function syntaxText(parts: Sequence): string {
  return parts.map(partText).join(' ')
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'token':
      return part.token === '' ? '""' : part.token
    case 'value':
      return part.name
    case 'list': {
      if (part.mergedFrom !== undefined) return syntaxText(part.mergedFrom)
      const item = syntaxText(part.item)
      return part.least === 0 ? `[${item} ...]` : `${item} [${item} ...]`
    }
    case 'choice': {
      const alternatives = part.alternatives.filter((one) => one.length > 0).map(syntaxText)
      const isOptional = alternatives.length < part.alternatives.length
      const joined = alternatives.join(' | ')
      return isOptional ? `[${joined}]` : alternatives.length === 1 ? joined : `<${joined}>`
    }
    case 'any-order':
      return part.groups.map(({ parts }) => `[${syntaxText(parts).replace(/^<(.*)>$/, '$1')}]`).join(' ')
    case 'mix':
      if (part.mergedFrom !== undefined) return syntaxText(part.mergedFrom)
      return `[${[...new Set(part.items.map(partText))].join(' | ')} ...]`
  }
}
