import type { Argument } from '../protocol/types.js'
import { classOfCode } from './classes.js'
import type { CommandDescriptor, Patterns, Route, WaitArgument } from './descriptor.js'
import { type CommandName, commandText } from './generated/commands.js'
import { keyPositions, readOptions } from './key-positions.js'
import type { RetryClass } from './retry.js'
import { isDecodedAsWanted, transforms } from './transforms.js'
import { optionsOf, upper, word } from './words.js'

/** All known commands. They are decoded when they are first needed, from text that scripts/generate generates. */
type Catalogue = { readonly [Name in CommandName]: CommandDescriptor }

let byName: Map<string, CommandDescriptor> | undefined
/** The first words of names with two. */
let containers: ReadonlySet<string>

/** The descriptor of each command, for typed methods; `call` uses `lookup`. Empty until {@link decodeCatalogue} is called. */
export let table = {} as Catalogue

/** Call this before using `table`. */
export function decodeCatalogue(): Map<string, CommandDescriptor> {
  if (byName !== undefined) return byName
  byName = new Map()
  for (const line of commandText.split('\n')) decodeLine(line, byName)
  containers = new Set([...byName.keys()].map((name) => name.replace(/ .*|^\S+$/, '')))
  table = Object.fromEntries([...byName].map(([name, known]) => [name, typed(known)])) as Catalogue
  return byName
}

/** The methods of INCR and related commands return the type that an option chooses; `call` returns a bigint only if needed. */
const typed = (known: CommandDescriptor): CommandDescriptor =>
  known.integer === undefined ? known : { ...known, transform: known.integer }

/** Decodes a line: `keys|class|reply|wait|connection|route names`. The first part applies to every command named after it. */
function decodeLine(line: string, into: Map<string, CommandDescriptor>): void {
  const end = line.indexOf(' ')
  const [keys = '', retryClass = '', reply = '', wait = '', connection = '', route = ''] = line.slice(0, end).split('|')
  const [code = '', patterns] = keys.split('~')
  const isNoKey = code[0] === '!'
  const common = {
    retryClass: classOfCode(retryClass, code),
    keys: code === '?' ? ('unknown' as const) : isNoKey ? undefined : keyPositions(code),
    patterns: patterns as Patterns | undefined,
    slotOfText: isNoKey ? keyPositions(code.slice(1)) : undefined,
    route: routes[route[0] as string],
    transform: isInteger(reply) ? undefined : transforms[reply],
    isDecodedAsWanted: isDecodedAsWanted(transforms[reply]),
    integer: isInteger(reply) ? transforms[reply] : undefined,
    wait: waits[wait] ?? (wait === '' ? undefined : waitAt(Number(wait))),
    waitsInPlace: /[pc]/.test(wait),
    script: undefined,
    changesConnection: advice[connection],
  }
  for (const group of line
    .slice(end + 1)
    .toUpperCase()
    .split(',')) {
    // `acl cat/list`: several names with the same beginning.
    const [first = '', ...others] = group.split('/')
    const start = first.slice(0, first.search(/[ .]/) + 1)
    for (const name of [first, ...others.map((ending) => start + ending)]) {
      // A name with a dot is that of a module command, which may return any error after it did some work.
      into.set(name, { name, runsUserCode: route.endsWith('U') || name.includes('.'), ...common })
    }
  }
}

const isInteger = (reply: string): boolean => reply === 'integer' || reply === 'time'

const routes: Readonly<Record<string, Route>> = { a: 'any', s: 'all', n: 'node', x: 'never' }

/** The advice in the error of a command that would change the state of the shared connection. */
const advice: Readonly<Record<string, string>> = {
  session: 'use client.session()',
  multi: 'use client.multi()',
  watch: 'use client.transaction()',
  subscribe: 'use client.subscribe(), psubscribe() or ssubscribe()',
  monitor: 'use session.monitor()',
  cli: 'use redis-cli',
  close: 'close the client',
  database: "give the option 'database'",
  auth: "give the option 'password' or 'credentials'",
  protocol: "give the option 'protocol'",
  name: "give the option 'clientName'",
}

/**
 * Whether this is the advice about a command that does not get exactly one reply. After such a command, later ones would get the
 * wrong replies, so it is not sent on any connection of a client.
 */
export const isUnpaired = (text: string | undefined): boolean =>
  [advice.subscribe, advice.monitor, advice.cli].includes(text)

type Wait = (args: readonly Argument[]) => WaitArgument | undefined

const waitAt =
  (position: number): Wait =>
  () => ({ position, unit: 1_000 })

/** The argument after BLOCK, in milliseconds. */
const behindBlock = (block: number | undefined): WaitArgument | undefined =>
  block === undefined ? undefined : { position: block + 1, unit: 1 }

const waits: Readonly<Record<string, Wait>> = {
  l: (args) => ({ position: args.length - 1, unit: 1_000 }),
  p: (args) => ({ position: args.length - 1, unit: 1 }),
  b: (args) => behindBlock(readOptions(args).get('BLOCK')),
  c: ([, first]) => (word(first) === 'ABORT' ? undefined : { position: 0, unit: 0 }),
  t: (args) => behindBlock(optionsOf(args, 3, { BLOCK: 2, MAX_COUNT: 1 }).get('BLOCK')),
}

/** Finds the command that these arguments begin with, in upper or lower case. */
export function lookup(args: readonly Argument[]): CommandDescriptor {
  const known = decodeCatalogue()
  const name = upper(args[0])
  // `CLIENT REPLY` in one argument is a command that no server knows. It must not be confused with the command of two words.
  if (name.includes(' ')) return unknownCommand(`"${name}"`)
  const full = args.length > 1 && containers.has(name) ? `${name} ${upper(args[1])}` : name
  return known.get(full) ?? unknownCommand(full)
}

/** An unknown command may do its work again if it is repeated, and may return an error after it did some work. */
function unknownCommand(name: string): CommandDescriptor {
  return { name, retryClass: 'unsafe', keys: 'unknown', runsUserCode: true }
}

/** The retry class of a command with these arguments. */
export function retryClassOf(descriptor: CommandDescriptor, args: readonly Argument[]): RetryClass {
  const { retryClass } = descriptor
  return typeof retryClass === 'function' ? retryClass(args) : retryClass
}
