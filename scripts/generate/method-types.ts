import { asDigits, distinct, type Part, type Sequence } from './grammar.js'
import type { Method, Signature } from './methods.js'

/** The TypeScript interfaces of typed methods: a file for each group of commands. */

export function methodFiles(methods: readonly Method[]): Map<string, string> {
  const groups = new Map<string, Method[]>()
  for (const method of methods) groups.set(method.group, [...(groups.get(method.group) ?? []), method])
  const files = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, own]) => [group, fileText(group, own)] as const)
  return new Map([...files, ['all', allText([...groups.keys()].sort())]])
}

const head = '// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.\n'

export const interfaceName = (group: string): string =>
  `${group
    .split('-')
    .map((word) => word[0]?.toUpperCase() + word.slice(1))
    .join('')}Commands`

function allText(groups: readonly string[]): string {
  const names = groups.filter((group) => group !== 'session')
  const imports = names.map((group) => `import type { ${interfaceName(group)} } from './${group}.js'`)
  return `${head}
import type { CallContext } from '../types/replies.js'
${imports.join('\n')}

/** A method for each command that any connection may send. */
export interface TypedCommands<C extends CallContext>
  extends ${names.map((group) => `${interfaceName(group)}<C>`).join(',\n    ')} {}
`
}

function fileText(group: string, methods: readonly Method[]): string {
  const body = methods.map(methodText).join('\n')
  const used = (names: readonly string[]): string =>
    names.filter((name) => new RegExp(`\\b${name}\\b`).test(body)).join(', ')
  const ofArguments = used([
    'AnyCase',
    'AnyOrder',
    'AnyOrderWith',
    'Digits',
    'FieldsOf',
    'Numeric',
    'OneOrMore',
    'Pairs',
    'Repeated',
    'Spread',
    'Text',
    'Value',
    'ZeroOrMore',
  ])
  const ofReplies = used([
    'Bulk',
    'CallContext',
    'Int',
    'MapOf',
    'ScanReply',
    'Sent',
    'SetOf',
    'StreamEntry',
    'TextMapOf',
    'Time',
    'Times',
  ])
  const isReply = used(['Reply']) !== ''
  return `${head}
${isReply ? "import type { Reply } from '../../protocol/types.js'\n" : ''}${ofArguments === '' ? '' : `import type { ${ofArguments} } from '../types/arguments.js'\n`}import type { CallContext, ${ofReplies} } from '../types/replies.js'

export interface ${interfaceName(group)}<C extends CallContext> {
${body}}
`
}

/** The complexity of a command, and the first version that has it; either may not be known. */
function originText({ since, complexity }: Method): string {
  const version = since.includes(' ') ? `since ${since}` : ''
  const text = [complexity, version].filter(Boolean).join('; ')
  return text === '' ? '' : `${text[0]?.toUpperCase()}${text.slice(1)}. `
}

function methodText(method: Method): string {
  const { name, entry, summary, signatures, takesObject } = method
  const docs = `  /**
   * ${summary} Server documentation: ${entry.name}.
   *
   * ${originText(method)}Resolves to ${repliesText(method)}.
   */`
  const plain = signatures.flatMap((one) => fewOptions(method, one)).slice(0, 2)
  const lines = [...plain, ...signatures].flatMap(({ parts, reply }, i) => {
    const sent = `Sent<C, ${replyType(reply)}>`
    const isPlain = i < plain.length
    const one = `  ${name}(${parameters(isPlain ? parts.flatMap(onceOrMore) : parts, takesObject ? 'pairs' : 'plain')}): ${sent}`
    const object = takesObject ? parameters(parts, 'object') : ''
    return object.includes('FieldsOf') ? [`  ${name}<T extends object>(${object}): ${sent}`, one] : [one]
  })
  // Each form of a call shows the documentation.
  return lines.map((line) => `${docs}\n${line}\n`).join('')
}

/**
 * The forms without options before what is repeated, and with one of them. Most calls have these, and the compiler need not look at
 * every order of the options if they come first. Only where no option can be mistaken for what stands behind the options.
 */
function fewOptions({ parts: all }: Method, { parts, reply }: Signature): Signature[] {
  const at = all.findIndex(isOption)
  const rest = withoutOptions(all, at)
  const last = rest?.at(-1)
  const isSame = JSON.stringify(withoutOptions(parts, at)) === JSON.stringify(rest)
  if (rest === undefined || last?.kind !== 'list' || last.item.length < 2 || !isSame) return []
  const alternatives = parts.filter(isOption).flatMap(optionsIn)
  const one: Part = { kind: 'choice', name: 'option', alternatives }
  return [
    { parts: rest, reply },
    { parts: [...rest.slice(0, at), one, ...rest.slice(at)], reply },
  ]
}

/** The parts without options, of which the first stands at an index; undefined if it can be mistaken for the part behind it. */
function withoutOptions(all: Sequence, at: number): Sequence | undefined {
  const rest = all.filter((part) => !isOption(part))
  const next = rest[at]
  const behind = next === undefined ? undefined : unmistakable(next)
  return behind === undefined ? undefined : rest.with(at, behind)
}

const isOption = (part: Part): boolean =>
  (part.kind === 'any-order' && part.needed === undefined) ||
  (part.kind === 'choice' && part.alternatives.some((one) => one.length === 0))

/** Each option by itself. */
function optionsIn(part: Part): Sequence[] {
  if (part.kind === 'any-order') return part.groups.flatMap(({ parts }) => choicesOf(parts))
  return part.kind === 'choice' ? part.alternatives.filter((one) => one.length > 0).flatMap(choicesOf) : []
}

const choicesOf = (parts: Sequence): readonly Sequence[] => {
  const [only] = parts
  return parts.length === 1 && only?.kind === 'choice' ? only.alternatives : [parts]
}

/** The part as nothing but a number, or a token; undefined if it can be other text. */
function unmistakable(part: Part): Part | undefined {
  if (part.kind === 'list') {
    const [first, ...more] = part.item
    if (first?.kind !== 'value' || first.type !== 'number') return undefined
    return { ...part, item: [asDigits(first), ...more] }
  }
  if (part.kind !== 'choice') return undefined
  const alternatives = part.alternatives.filter(([one]) => one?.kind === 'token')
  return alternatives.length === 0 ? undefined : { ...part, alternatives }
}

/** What is repeated, once, and then the rest of it. */
const onceOrMore = (part: Part): Sequence =>
  part.kind === 'list' && part.item.length > 1
    ? [...part.item, { ...part, item: distinct(part.item).slice(0, 1), least: 0 }]
    : [part]

/** What a method resolves to; the last of several signatures says nothing new if it is the union of others. */
export const repliesText = ({ signatures }: Method): string => {
  const replies = signatures.map(({ reply }) => reply)
  const earlier = new Set(replies.slice(0, -1).flatMap(alternativesOf))
  const isUnion = alternativesOf(replies.at(-1) ?? '').every((one) => earlier.has(one))
  return [...new Set(isUnion ? replies.slice(0, -1) : replies)].map((reply) => `\`${reply}\``).join(', ')
}

/** The types of a union, which are separated by bars outside of brackets. */
function alternativesOf(reply: string): string[] {
  const found = ['']
  let depth = 0
  for (const letter of reply) {
    if ('[(<'.includes(letter)) depth += 1
    if ('])>'.includes(letter)) depth -= 1
    if (letter === '|' && depth === 0) found.push('')
    else found.push(found.pop() + letter)
  }
  return found.map((one) => one.trim())
}

export const replyType = (reply: string): string =>
  reply.replace(/\b(Bulk|Int|Times?)\b/g, '$1<C>').replace(/\b(MapOf|SetOf|TextMapOf)</g, '$1<C, ')

/** How pairs are given: as an object; as a Map or an array of pairs, too; only one by one. */
type FieldsForm = 'object' | 'pairs' | 'plain'

function parameters(parts: Sequence, form: FieldsForm): string {
  const names = new Set<string>()
  const given: string[] = []
  let at = 0
  for (; at < parts.length; at += 1) {
    const single = singleType(parts[at] as Part, form)
    if (single === undefined) break
    given.push(`${unique(single.name, names)}: ${single.type}`)
  }
  const rest = parts.slice(at)
  if (rest.length === 0) return given.join(', ')
  const [only] = rest
  const name = unique(rest.length === 1 ? restName(only as Part) : 'args', names)
  return [...given, `...${name}: ${tuple(rest, form)}`].join(', ')
}

function unique(name: string, names: Set<string>): string {
  const base = reserved.has(name) ? `${name}_` : name
  let own = base
  for (let i = 2; names.has(own); i += 1) own = `${base}${i}`
  names.add(own)
  return own
}

const reserved = new Set(['default', 'function', 'in', 'new', 'arguments', 'eval', 'import', 'package', 'delete'])

function restName(part: Part): string {
  if (part.kind === 'list') return part.item.length === 1 ? pluralOf(part.item[0] as Part) : 'pairs'
  if (part.kind === 'choice') return part.name
  return part.kind === 'any-order' ? 'options' : 'args'
}

function pluralOf(part: Part): string {
  const name = part.kind === 'value' ? part.name : 'arg'
  return name.endsWith('s')
    ? name
    : name.endsWith('ey')
      ? `${name}s`
      : name.endsWith('y')
        ? `${name.slice(0, -1)}ies`
        : `${name}s`
}

const types = { key: 'Text', value: 'Value', number: 'Numeric', digits: 'Digits' }

/** The name and type of a part that is one argument. */
function singleType(part: Part, form: FieldsForm): { readonly name: string; readonly type: string } | undefined {
  if (part.kind === 'value') return { name: part.name, type: types[part.type] }
  if (part.kind === 'list' && part.item.length === 2 && form === 'object')
    return { name: 'fields', type: 'T & FieldsOf<T>' }
  if (part.kind !== 'choice' || !part.alternatives.every((one) => one.length === 1 && one.every(isLeaf)))
    return undefined
  const found = union(part.alternatives.map(([one]) => leafType(one as Part)))
  return { name: part.name, type: inAnyCase.has(part.name) ? `AnyCase<${found}>` : found }
}

const isLeaf = ({ kind }: Part): boolean => kind === 'token' || kind === 'value'

function leafType(part: Part): string {
  if (part.kind === 'value') return types[part.type]
  if (part.kind !== 'token') throw new Error('a token or a value was expected')
  return quoted(part.token)
}

/** Choices between tokens that everybody writes in lower case, although servers document them in upper case. */
const inAnyCase = new Set(['unit', 'aggregator'])

const quoted = (token: string): string => `'${token}'`

/** A value may be any text. */
const union = (all: readonly string[]): string => (all.includes('Value') ? 'Value' : [...new Set(all)].join(' | '))

/** The type of several arguments: a tuple, or what is one. */
function tuple(parts: Sequence, form: FieldsForm): string {
  const elements = parts.map((part) => element(part, form))
  const [only = ''] = elements
  if (elements.length === 1 && only.startsWith('...')) return only.slice(3).replace(/^\((.*)\)$/, '$1')
  return `[${elements.join(', ')}]`
}

function element(part: Part, form: FieldsForm): string {
  const single = singleType(part, form)
  if (single !== undefined) return `${single.name}: ${single.type}`
  switch (part.kind) {
    case 'token':
      return quoted(part.token)
    case 'list':
      return `...${listType(part.item, part.least, form)}`
    case 'choice':
      return `...(${union(part.alternatives.map((one) => (one.length === 0 ? '[]' : tuple(one, form))))})`
    case 'any-order': {
      const groups = part.groups.map(({ name, parts }) => `${name}: ${tuple(parts, form)}`).join('; ')
      return part.needed === undefined
        ? `...AnyOrder<{ ${groups} }>`
        : `...AnyOrderWith<{ ${groups} }, '${part.needed}'>`
    }
    case 'mix': {
      const single = mixType(part.items)
      const one = part.takesArrays ? `Spread<${single}>` : single
      return part.least === 0 ? `...(${one})[]` : `...[${one}, ...(${one})[]]`
    }
    default:
      throw new Error('a value is one argument')
  }
}

function listType(item: Sequence, least: 0 | 1, form: FieldsForm): string {
  const [one] = item
  if (item.length === 1) return `${least === 0 ? 'ZeroOrMore' : 'OneOrMore'}<${leafType(one as Part)}>`
  const labelled = item.map((part) => element(part, form)).join(', ')
  const repeated = form === 'pairs' ? `Pairs<[${labelled}]>` : `Repeated<[${labelled}]>`
  return least === 0 ? `([] | ${repeated})` : repeated
}

/** Numbers only as such: text would accept any misspelt option. */
function mixType(items: readonly Part[]): string {
  const found = items.map((part) => (part.kind === 'value' && part.type === 'number' ? 'Digits' : leafType(part)))
  return union(found)
}
