import type { SyntaxNode } from './facts.js'

/**
 * The grammar of a command's arguments: what servers tell (COMMAND DOCS), made regular. A sequence of parts stands for the
 * arguments in the server's order.
 */
export type Part =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'value'; readonly name: string; readonly type: ValueType }
  /** What may be repeated, an array standing for its elements. */
  | { readonly kind: 'list'; readonly item: Sequence; readonly least: 0 | 1; readonly mergedFrom?: Sequence }
  | { readonly kind: 'choice'; readonly name: string; readonly alternatives: readonly Sequence[] }
  /** Each group at most once, in any order; `needed` is there. */
  | { readonly kind: 'any-order'; readonly groups: readonly Group[]; readonly needed: string | undefined }
  /** Too many orders to name them all: any of these, any number of times. */
  | {
      readonly kind: 'mix'
      readonly items: readonly Part[]
      readonly least: 0 | 1
      readonly takesArrays: boolean
      readonly mergedFrom?: Sequence
    }

export type Sequence = readonly Part[]
/** `digits`: a number, or text that can be nothing else. */
export type ValueType = 'key' | 'value' | 'number' | 'digits'

interface Group {
  readonly name: string
  readonly parts: Sequence
}

/** Which arguments are there, and which are not: by token, or by name. */
export interface Condition {
  readonly having: readonly string[]
  readonly lacking: readonly string[]
}

interface Node {
  readonly name: string
  readonly type: string
  readonly token: string
  readonly isOptional: boolean
  readonly isMultiple: boolean
  readonly repeatsToken: boolean
  readonly isNeeded: boolean
  readonly parts: readonly Node[]
}

/** Beyond so many orders of options, they become a mix. */
const mostOrders = 400

/**
 * Beyond so many orders of options before pairs, only the documented order is typed: the compiler combines each order with each form
 * of the pairs, in each call.
 */
const mostOrdersBeforePairs = 70

export function sequenceOf(
  syntax: readonly SyntaxNode[],
  condition: Condition = { having: [], lacking: [] },
): Sequence {
  let nodes: readonly Node[] = syntax.map(readNode)
  for (const name of condition.lacking) nodes = nodes.flatMap((node) => without(node, name))
  for (const name of condition.having) nodes = having(nodes, name)
  return withDigits(toSequence(nodes), condition.lacking.length > 0)
}

/** Text in a list of numbers could be the options behind it, so there a number is only a number. */
function withDigits(parts: Sequence, isFollowed: boolean): Sequence {
  return parts.map((part, i): Part => {
    const isInFront = isFollowed || i < parts.length - 1
    switch (part.kind) {
      case 'list': {
        const isOfNumbers = part.item.every((item) => item.kind === 'value' && item.type === 'number')
        return isInFront && isOfNumbers ? { ...part, item: part.item.map(asDigits) } : part
      }
      case 'choice':
        return { ...part, alternatives: part.alternatives.map((one) => withDigits(one, isInFront)) }
      case 'any-order':
        return { ...part, groups: part.groups.map((group) => ({ ...group, parts: withDigits(group.parts, true) })) }
      default:
        return part
    }
  })
}

export const asDigits = (part: Part): Part => (part.kind === 'value' ? { ...part, type: 'digits' } : part)

function readNode([name, type, token = '', flags = '', parts = []]: SyntaxNode): Node {
  const is = (flag: string): boolean => flags.split(' ').includes(flag)
  return {
    name,
    type,
    token: token === '""' ? '' : token,
    isOptional: is('optional'),
    isMultiple: is('multiple'),
    repeatsToken: is('multiple_token'),
    isNeeded: false,
    parts: parts.map(readNode),
  }
}

const isNamed = ({ name, token }: Node, wanted: string): boolean => token === wanted || name === wanted

/** The node without an argument; nothing where it can't be without. */
function without(node: Node, name: string): Node[] {
  if (isNamed(node, name)) return []
  const parts = node.parts.flatMap((part) => without(part, name))
  const isImpossible =
    node.type === 'oneof'
      ? node.parts.length > 0 && parts.length === 0
      : node.parts.some((part) => !part.isOptional && without(part, name).length === 0)
  return isImpossible ? [] : [{ ...node, parts }]
}

/** The nodes with an argument that must be there. */
function having(nodes: readonly Node[], name: string): Node[] {
  return nodes.map((node) => {
    if (!contains(node, name)) return node
    if (isNamed(node, name)) return { ...node, isOptional: false, isNeeded: node.isOptional }
    const parts =
      node.type === 'oneof'
        ? having(
            node.parts.filter((part) => contains(part, name)),
            name,
          )
        : having(node.parts, name)
    return { ...node, isOptional: false, isNeeded: node.isOptional, parts }
  })
}

const contains = (node: Node, name: string): boolean =>
  isNamed(node, name) || node.parts.some((part) => contains(part, name))

function toSequence(nodes: readonly Node[]): Sequence {
  const parts: Part[] = []
  for (let i = 0; i < nodes.length; ) {
    let end = i
    while (end < nodes.length && (nodes[end]?.isOptional || nodes[end]?.isNeeded)) end += 1
    const isBeforePairs = nodes.slice(end).some((node) => node.isMultiple && node.parts.length > 1)
    if (end - i >= 2) parts.push(...optionsOf(nodes.slice(i, end), isBeforePairs))
    else parts.push(...toParts(nodes[i] as Node))
    i = Math.max(end, i + 1)
  }
  return mergeLists(parts)
}

/** Several options in a row. */
function optionsOf(nodes: readonly Node[], isBeforePairs: boolean): Sequence {
  const groups = nodes.map((node) => ({ name: camelCase(node.name), parts: required(node) }))
  const isPositional = groups.some(({ parts }) => !startsWithToken(parts))
  const isBounded = groups.every(({ parts }) => greatest(parts) < Infinity)
  const count = isBounded ? orders(groups.map(({ parts }) => variants(parts))) : Infinity
  if (isPositional || (isBeforePairs && count > mostOrdersBeforePairs && isBounded)) return nodes.flatMap(toParts)
  const needed = nodes.findIndex(({ isNeeded }) => isNeeded)
  const names = groups.map(({ name }, i) =>
    groups.some((other, j) => j < i && other.name === name) ? `${name}${i}` : name,
  )
  if (count <= mostOrders) {
    const named = groups.map(({ parts }, i) => ({ name: names[i] as string, parts }))
    return [{ kind: 'any-order', groups: named, needed: names[needed] }]
  }
  const takesArrays = groups.some(({ parts }) => parts.some(hasList))
  return [{ kind: 'mix', items: groups.flatMap(({ parts }) => leaves(parts)), least: needed < 0 ? 0 : 1, takesArrays }]
}

function startsWithToken(parts: Sequence): boolean {
  const [first] = parts
  if (first?.kind === 'token') return true
  if (first?.kind === 'choice') return first.alternatives.every(startsWithToken)
  return first?.kind === 'mix' && first.items[0]?.kind === 'token'
}

/** In how many ways options can be given. */
function orders(counts: readonly number[]): number {
  // Elementary symmetric polynomials, times the permutations of so many.
  const sums = [1]
  for (const count of counts)
    for (let k = sums.length; k > 0; k -= 1) sums[k] = (sums[k] ?? 0) + (sums[k - 1] ?? 0) * count
  let factorial = 1
  return sums.reduce((total, sum, k) => {
    factorial *= Math.max(1, k)
    return total + sum * factorial
  }, 0)
}

function variants(parts: Sequence): number {
  return parts.reduce((product, part) => {
    if (part.kind === 'choice' && !part.alternatives.every((one) => one.length === 1)) {
      return product * part.alternatives.reduce((sum, one) => sum + variants(one), 0)
    }
    if (part.kind === 'any-order') return product * orders(part.groups.map((group) => variants(group.parts)))
    return product
  }, 1)
}

/** Every token and value, each once. */
export function leaves(parts: Sequence): Part[] {
  return parts.flatMap((part): Part[] => {
    switch (part.kind) {
      case 'list':
        return leaves(part.item)
      case 'choice':
        return part.alternatives.flatMap(leaves)
      case 'any-order':
        return part.groups.flatMap((group) => leaves(group.parts))
      case 'mix':
        return [...part.items]
      default:
        return [part]
    }
  })
}

function toParts(node: Node): Sequence {
  const parts = required(node)
  if (!node.isOptional) return parts
  const [only] = parts
  if (parts.length === 1 && (only?.kind === 'list' || only?.kind === 'mix')) return [{ ...only, least: 0 }]
  return [{ kind: 'choice', name: camelCase(node.name), alternatives: [[], parts] }]
}

/** The parts of a node, as if it were not optional. */
function required(node: Node): Sequence {
  const token: Sequence = node.token === '' ? [] : [{ kind: 'token', token: node.token }]
  if (node.repeatsToken)
    return [{ kind: 'mix', items: [...token, ...leaves(bare(node))], least: 1, takesArrays: false }]
  if (!node.isMultiple) return [...token, ...bare(node)]
  const item = bare(node)
  const isPlain = item.every(({ kind }) => kind === 'value')
  const repeated: Part = isPlain
    ? { kind: 'list', item, least: 1 }
    : { kind: 'mix', items: leaves(item), least: 1, takesArrays: item.some(hasList) }
  return [...token, repeated]
}

/** The parts of a node without its own token, once. */
function bare(node: Node): Sequence {
  switch (node.type) {
    case 'pure-token':
      // With an empty token it is the empty text.
      return node.token === '' ? [{ kind: 'token', token: '' }] : []
    case 'oneof': {
      const alternatives = node.parts.map((part) => (part.isOptional ? required(part) : toSequence([part])))
      return [
        { kind: 'choice', name: camelCase(node.name), alternatives: alternatives.filter((one) => one.length > 0) },
      ]
    }
    case 'block':
      return toSequence(node.parts)
    default:
      return [{ kind: 'value', name: camelCase(node.name), type: valueType(node.type) }]
  }
}

function valueType(type: string): ValueType {
  if (type === 'key' || type === 'pattern') return 'key'
  return ['integer', 'double', 'unix-time'].includes(type) ? 'number' : 'value'
}

/**
 * A tuple holds one list at most: from the first to the last of several everything becomes one. The documentation shows what it was
 * merged from.
 */
function mergeLists(parts: Sequence): Sequence {
  const isLong = (part: Part): boolean => greatest([part]) === Infinity
  const first = parts.findIndex(isLong)
  const last = parts.findLastIndex(isLong)
  if (first === last) return parts
  const merged = parts.slice(first, last + 1)
  const items = leaves(merged)
  const values = items.filter((item) => item.kind === 'value')
  const least = merged.some((part) => fewest([part]) > 0) ? 1 : 0
  const one: Part =
    values.length === items.length && merged.every(({ kind }) => kind === 'list')
      ? { kind: 'list', item: distinct(values).slice(0, 1), least, mergedFrom: merged }
      : { kind: 'mix', items, least, takesArrays: merged.some(hasList), mergedFrom: merged }
  return [...parts.slice(0, first), one, ...parts.slice(last + 1)]
}

export const distinct = (parts: readonly Part[]): Part[] => {
  const widest = ['value', 'key', 'number', 'digits'].find((type) =>
    parts.some((part) => part.kind === 'value' && part.type === type),
  )
  return parts.filter((part) => part.kind === 'value' && part.type === widest)
}

/** The least number of arguments. */
export function fewest(parts: Sequence): number {
  return parts.reduce((sum, part) => sum + least(part), 0)
}

function least(part: Part): number {
  switch (part.kind) {
    case 'list':
      return part.least * part.item.length
    case 'choice':
      return Math.min(...part.alternatives.map(fewest))
    case 'any-order':
      return part.groups.reduce((sum, { name, parts }) => sum + (name === part.needed ? fewest(parts) : 0), 0)
    case 'mix':
      return part.least
    default:
      return 1
  }
}

/** The greatest number of arguments. */
export function greatest(parts: Sequence): number {
  return parts.reduce((sum, part) => sum + most(part), 0)
}

function most(part: Part): number {
  switch (part.kind) {
    case 'list':
    case 'mix':
      return Infinity
    case 'choice':
      return Math.max(0, ...part.alternatives.map(greatest))
    case 'any-order':
      return part.groups.reduce((sum, { parts }) => sum + greatest(parts), 0)
    default:
      return 1
  }
}

/** Where arrays may stand: from which argument on, counted from 1, and how many arguments stand behind them at least. */
export function listsOf(parts: Sequence): { readonly from: number; readonly behind: number } | undefined {
  const first = parts.findIndex(hasList)
  if (first < 0) return undefined
  const last = parts.findLastIndex(hasList)
  const part = parts[first] as Part
  const inside =
    part.kind === 'choice'
      ? part.alternatives.flatMap((one) => listsOf(one)?.from ?? [])
      : part.kind === 'any-order'
        ? part.groups.flatMap((group) => listsOf(group.parts)?.from ?? [])
        : [1]
  return { from: fewest(parts.slice(0, first)) + Math.min(...inside), behind: fewest(parts.slice(last + 1)) }
}

function hasList(part: Part): boolean {
  if (part.kind === 'list') return true
  if (part.kind === 'mix') return part.takesArrays
  if (part.kind === 'choice') return part.alternatives.some((one) => one.some(hasList))
  return part.kind === 'any-order' && part.groups.some((group) => group.parts.some(hasList))
}

/** `cluster-node-id` as `clusterNodeId`. */
export function camelCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const joined = words.map((word, i) => (i === 0 ? lowerFirst(word) : word[0]?.toUpperCase() + word.slice(1))).join('')
  return /^[a-z]/i.test(joined) ? joined : `value${joined}`
}

const lowerFirst = (word: string): string =>
  word === word.toUpperCase() ? word.toLowerCase() : word[0]?.toLowerCase() + word.slice(1)
