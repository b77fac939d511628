import type { Reply } from '../../src/protocol/types.js'
import { Wire } from '../../test/support/wire.js'

/** What a server says of one of its commands. Server documentation: COMMAND, COMMAND DOCS. */
export interface Facts {
  readonly since: string
  readonly group: string
  readonly arity: number
  readonly flags: readonly string[]
  readonly tips: readonly string[]
  /** Key specifications, see {@link keySpecText}. */
  readonly keys: readonly string[]
  readonly complexity?: string
  readonly deprecated?: string
  /** The grammar of its arguments, see {@link SyntaxNode}. */
  readonly syntax?: readonly SyntaxNode[]
}

/** `[name, type, token, flags, parts]`, what is empty at the end being left out. */
export type SyntaxNode = readonly [
  name: string,
  type: string,
  token?: string,
  flags?: string,
  parts?: readonly SyntaxNode[],
]

/** By the command's name, upper case; a subcommand after a space. */
export type Commands = Readonly<Record<string, Facts>>

/** What one server offers. */
export interface Server {
  /** `redis 8.0`: product, major and minor version. */
  readonly name: string
  readonly commands: Commands
}

type Fields = Readonly<Record<string, Reply>>

/** Asks a running server. */
export async function askServer(port: number): Promise<Server> {
  const wire = await Wire.open(port)
  const info = String(await wire.send('INFO', 'server'))
  const commands = (await wire.send('COMMAND')) as Reply[]
  const docs = fields(await wire.send('COMMAND', 'DOCS'))
  wire.close()
  const found: Record<string, Facts> = {}
  for (const entry of commands) readCommand(entry as Reply[], docs, found)
  const version = (name: string): string | undefined =>
    new RegExp(`^${name}_version:(\\d+\\.\\d+)`, 'm').exec(info)?.[1]
  const valkey = version('valkey')
  return { name: valkey === undefined ? `redis ${version('redis')}` : `valkey ${valkey}`, commands: found }
}

function readCommand(entry: readonly Reply[], docs: Fields, found: Record<string, Facts>): void {
  const [path, arity, flags] = entry as [string, number, string[]]
  const [tips, keys, subcommands] = entry.slice(7) as [string[], Reply[], Reply[][]]
  const documented = fields(docs[path] ?? [])
  found[path.replace('|', ' ').toUpperCase()] = {
    since: String(documented.since),
    group: String(documented.group),
    arity,
    flags: [...flags].sort(),
    tips: [...tips].sort(),
    keys: keys.map(keySpecText),
    ...(documented.complexity === undefined ? {} : { complexity: String(documented.complexity) }),
    ...(documented.deprecated_since === undefined ? {} : { deprecated: String(documented.deprecated_since) }),
    ...(documented.arguments === undefined ? {} : { syntax: (documented.arguments as Reply[]).map(syntaxNode) }),
  }
  const inner = fields(documented.subcommands ?? [])
  for (const subcommand of subcommands) readCommand(subcommand, inner, found)
}

function fields(flat: Reply): Fields {
  const list = flat as Reply[]
  return Object.fromEntries(list.flatMap((name, i) => (i % 2 === 0 ? [[String(name), list[i + 1] as Reply]] : [])))
}

/**
 * A key specification in short: where the search begins, and how keys are found from there. `1+0/1` (at 1, one key),
 * `1+-1/2` (from 1 to the last, every second), `STREAMS@1+-1/1/2` (behind the word, searched for from 1; the first half),
 * `2#0,1,1` (at 2 stands how many, keys behind), `?` (can't be said). A `!` in front: no key, but the slot is that of its text.
 */
export function keySpecText(spec: Reply): string {
  const { begin_search, find_keys, flags } = fields(spec)
  const begin = fields(begin_search as Reply)
  const find = fields(find_keys as Reply)
  return keySpec(begin, fields(begin.spec as Reply), find, fields(find.spec as Reply), (flags ?? []) as string[])
}

export function keySpec(begin: Fields, from: Fields, find: Fields, keys: Fields, flags: readonly string[]): string {
  if (begin.type === 'unknown' || find.type === 'unknown') return '?'
  const start = begin.type === 'index' ? `${from.index}` : `${from.keyword}@${from.startfrom}`
  const limit = keys.limit === 0 ? '' : `/${keys.limit}`
  const found =
    find.type === 'range'
      ? `+${keys.lastkey}/${keys.keystep}${limit}`
      : `#${keys.keynumidx},${keys.firstkey},${keys.keystep}`
  return `${flags.some((flag) => flag.toLowerCase() === 'not_key') ? '!' : ''}${start}${found}`
}

function syntaxNode(argument: Reply): SyntaxNode {
  const { name, type, token, flags, arguments: parts } = fields(argument)
  const node: SyntaxNode = [
    String(name),
    String(type),
    token === undefined ? '' : String(token),
    ((flags ?? []) as string[]).join(' '),
    ((parts ?? []) as Reply[]).map(syntaxNode),
  ]
  const length = node.findLastIndex((part) => part !== undefined && part.length > 0) + 1
  return node.slice(0, length) as unknown as SyntaxNode
}
