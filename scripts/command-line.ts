import { closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from '../src/errors.js'

/** What a tool says about itself. */
export interface Tool {
  /** Its usage: one line for each option. */
  readonly help: string
  /** The names that its options take; default: it has none. */
  readonly list?: () => readonly string[]
}

/**
 * Reads the command line of a tool. `--help` and `--list` are answered, with exit code 0. What is wrong is said in one line, with
 * exit code 2.
 * @param read takes the arguments apart; throws if they are wrong
 */
export function readCommandLine<Flags>({ help, list }: Tool, read: (args: string[]) => Flags): Flags {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) return leave(0, help)
  if (list !== undefined && args.includes('--list')) return leave(0, list().join('\n'))
  try {
    return read(args)
  } catch (error) {
    // Of what Node.js says, only the first sentence: the others are about arguments that begin with a dash, which no tool has.
    const [wrong] = messageOf(error).split(/\n|\. To specify/)
    return leave(2, `${wrong} (--help lists the options)`)
  }
}

/** Waits for what a tool can't do without. Why it fails is said in one line, with exit code 2. @param what the tool, or its option */
export async function required<T>(what: string, need: () => T | Promise<T>): Promise<T> {
  try {
    return await need()
  } catch (error) {
    const [reason] = messageOf(error).split('\n')
    return leave(2, `${what}: ${reason}`)
  }
}

/**
 * To be called before a run whose result is written to files: that one can't be written is said at once, in one line, with exit
 * code 2. Folders that are missing are created; no file is created or changed.
 */
export function mustBeWritable(...files: readonly string[]): Promise<void> {
  return required('--out', () => files.forEach(tryToWrite))
}

/** Opened, and not only looked at: rights do not tell whether a file system can be written. */
function tryToWrite(file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  const isNew = !existsSync(file)
  closeSync(openSync(file, 'a'))
  if (isNew) rmSync(file)
}

function leave(code: 0 | 2, text: string): never {
  if (code === 0) console.log(text)
  else console.error(text)
  process.exit(code)
}

/** An option of a tool. A number is a whole one, and not less than `least`; default 1. */
export type Option = (
  | { readonly type: 'number'; readonly default?: number; readonly least?: number }
  | { readonly type: 'string'; readonly default?: string }
  | { readonly type: 'boolean' }
) & {
  /** Options that would say nothing beside this one. */
  readonly excludes?: readonly string[]
  /** The option without which this one would say nothing. */
  readonly needs?: string
}

type Given<O extends Option> = O['type'] extends 'number' ? number : string

/** What each option says. Without a default, it is undefined where it is not given; a boolean is false. */
export type ValuesOf<Options extends Readonly<Record<string, Option>>> = {
  readonly [Name in keyof Options]: Options[Name]['type'] extends 'boolean'
    ? boolean
    : Options[Name] extends { readonly default: number | string }
      ? Given<Options[Name]>
      : Given<Options[Name]> | undefined
}

/**
 * Reads the command line of a tool, like {@link readCommandLine}, by a table of its options.
 * @param check throws if what the options say together is wrong
 */
export function readOptions<const Options extends Readonly<Record<string, Option>>>(
  tool: Tool,
  options: Options,
  check: (values: ValuesOf<Options>) => void = () => {},
): ValuesOf<Options> {
  const all = Object.entries<Option>(options)
  const kinds = all.map(([name, { type }]) => [name, { type: type === 'boolean' ? type : 'string' }] as const)
  return readCommandLine(tool, (args) => {
    const texts = parseArgs({ args, options: Object.fromEntries(kinds) }).values
    for (const [name, { excludes = [], needs }] of all) {
      excludeFrom(texts, name, excludes)
      if (needs !== undefined && texts[name] !== undefined && texts[needs] === undefined) {
        throw new TypeError(`--${name} needs --${needs}`)
      }
    }
    const values = all.map(([name, option]) => [name, readValue(name, option, texts[name])])
    const read = Object.fromEntries(values) as ValuesOf<Options>
    check(read)
    return read
  })
}

function readValue(name: string, option: Option, given: unknown): unknown {
  if (option.type === 'boolean') return given === true
  if (given === undefined) return option.default
  return option.type === 'number' ? wholeNumber(name, String(given), option.least) : given
}

/**
 * @param given what stands in the command line, by option, without defaults; false counts as not given
 * @throws TypeError if an option is given with one of the others: one of the two would say nothing
 */
export function excludeFrom(given: Readonly<Record<string, unknown>>, option: string, others: readonly string[]): void {
  const isGiven = (name: string): boolean => given[name] !== undefined && given[name] !== false
  const other = others.find(isGiven)
  if (isGiven(option) && other !== undefined) throw new TypeError(`--${option} and --${other} exclude each other`)
}

/** The options of a run over many seeds, or over one of them. @param seeds how many, by default */
export const seedOptions = (seeds: number) =>
  ({
    seeds: { type: 'number', default: seeds },
    from: { type: 'number', default: 0, least: 0 },
    seed: { type: 'number', least: 0, excludes: ['seeds', 'from'] },
  }) as const

/** @throws TypeError that names the option, if its text is not a whole number, or less than `least` */
export function wholeNumber(name: string, text: string, least = 1): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least) {
    throw new TypeError(`--${name} must be a whole number, ${least} or more; got ${text}`)
  }
  return number
}

/** @throws TypeError if a name stands there twice: two of a name could not be distinguished in what is reported */
export function distinct<Names extends readonly string[]>(option: string, names: Names): Names {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new TypeError(`--${option}: there are two of the name ${twice}`)
  return names
}

/**
 * The items with a text in their titles, as for `--only`.
 * @throws TypeError if there is none
 */
export function withTitle<Item extends { readonly title: string }>(
  all: readonly Item[],
  only: string,
): readonly Item[] {
  const found = all.filter(({ title }) => title.includes(only))
  if (found.length === 0) throw new TypeError(`--only: no title contains "${only}"; --list shows the titles`)
  return found
}
