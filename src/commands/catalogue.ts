import type { Argument } from '../protocol/types.js'
import { classOfCode } from './classes.js'
import type { CommandDescriptor, Patterns, Route, WaitArgument } from './descriptor.js'
import { type CommandName, commandText } from './generated/commands.js'
import { keyPositions, readOptions } from './key-positions.js'
import type { RetryClass } from './retry.js'
import { isDecodedAsWanted, transforms } from './transforms.js'
import { optionsOf, word } from './words.js'

/**
 * What is known of each command, decoded from the generated text when it is first needed. Where it comes from:
 * scripts/generate.
 */
type Catalogue = { readonly [Name in CommandName]: CommandDescriptor }

let byName: Map<string, CommandDescriptor> | undefined
let containers: ReadonlySet<string>

/** The descriptor of each command, for the typed methods; `call` uses `lookup`. It is empty until {@link decodeCatalogue} was called. */
export let table = {} as Catalogue

/** Called by whoever uses the catalogue, before. */
export function decodeCatalogue(): Map<string, CommandDescriptor> {
  if (byName !== undefined) return byName
  byName = new Map()
  for (const line of commandText.split('\n')) decodeLine(line, byName)
  containers = new Set([...byName.keys()].flatMap((name) => (name.includes(' ') ? [name.split(' ')[0] as string] : [])))
  table = Object.fromEntries([...byName].map(([name, known]) => [name, typed(known)])) as Catalogue
  return byName
}

/** The methods of INCR and related commands promise a number or a bigint, as an option says; `call` gives what fits. */
const typed = (known: CommandDescriptor): CommandDescriptor =>
  known.integer === undefined ? known : { ...known, transform: known.integer }

/** `keys|class|reply|wait|connection|route names`: what many commands have in common. */
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
    waitsInPlace: wait === 'p',
    script: undefined,
    changesConnection: advice[connection],
  }
  for (const group of line
    .slice(end + 1)
    .toUpperCase()
    .split(',')) {
    // `acl cat/list`: several names that begin alike.
    const [first = '', ...others] = group.split('/')
    const start = first.slice(0, first.search(/[ .]/) + 1)
    for (const name of [first, ...others.map((ending) => start + ending)]) {
      // A module's commands have a dot: what its errors say of the work done is up to the module.
      into.set(name, { name, runsUserCode: route.endsWith('U') || name.includes('.'), ...common })
    }
  }
}

const isInteger = (reply: string): boolean => reply === 'integer' || reply === 'time'

const routes: Readonly<Record<string, Route>> = { a: 'any', s: 'all', n: 'node', x: 'never' }

/** What a command is told that would change the connection which others share. */
const advice: Readonly<Record<string, string>> = {
  session: 'use client.session()',
  multi: 'use client.multi()',
  watch: 'use client.transaction() or client.session()',
  subscribe: 'use client.subscribe(), client.psubscribe() or client.ssubscribe()',
  monitor: 'use monitor() of a session',
  close: 'use client.close()',
  database: "give the option 'database'",
  credentials: "give the options 'username' and 'password', or 'credentials'",
  protocol: "give the option 'protocol'",
  clientName: "give the option 'clientName'",
}

type Wait = (args: readonly Argument[]) => WaitArgument | undefined

const waitAt =
  (position: number): Wait =>
  () => ({ position, unit: 1_000 })

/** `BLOCK milliseconds`, of XREAD and XREADGROUP before STREAMS. */
const behindBlock = (block: number | undefined): WaitArgument | undefined =>
  block === undefined ? undefined : { position: block + 1, unit: 1 }

const waits: Readonly<Record<string, Wait>> = {
  l: (args) => ({ position: args.length - 1, unit: 1_000 }),
  p: (args) => ({ position: args.length - 1, unit: 1 }),
  b: (args) => behindBlock(readOptions(args).get('BLOCK')),
  t: (args) => behindBlock(optionsOf(args, 3, { BLOCK: 2, MAX_COUNT: 1 }).get('BLOCK')),
}

/** What is known of the command with these arguments, whatever the case of its name. */
export function lookup(args: readonly Argument[]): CommandDescriptor {
  const known = decodeCatalogue()
  let name = word(args[0])
  if (args.length > 1 && containers.has(name)) name = `${name} ${word(args[1])}`
  return known.get(name) ?? unknownCommand(name)
}

/** Nothing is known: repeating it may do its work twice, and its errors (a module's, say) may follow upon work done. */
function unknownCommand(name: string): CommandDescriptor {
  return { name, retryClass: 'unsafe', keys: 'unknown', runsUserCode: true }
}

/** What repeating this very call does. */
export function retryClassOf(descriptor: CommandDescriptor, args: readonly Argument[]): RetryClass {
  const { retryClass } = descriptor
  return typeof retryClass === 'function' ? retryClass(args) : retryClass
}
