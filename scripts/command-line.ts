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
    return leave(2, `${messageOf(error).split('\n')[0]} (--help lists the options)`)
  }
}

function leave(code: 0 | 2, text: string): never {
  if (code === 0) console.log(text)
  else console.error(text)
  process.exit(code)
}

/** @throws TypeError that names the option, if its text is not a whole number, or less than `least` */
export function wholeNumber(name: string, text: string, least = 1): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least) {
    throw new TypeError(`--${name} must be a whole number, ${least} or more; got ${text}`)
  }
  return number
}

/**
 * What has a text in its title, as `--only` says.
 * @throws TypeError if there is none
 */
export function withTitle<Item extends { readonly title: string }>(
  all: readonly Item[],
  only: string,
): readonly Item[] {
  const found = all.filter(({ title }) => title.includes(only))
  if (found.length === 0) throw new TypeError(`--only: nothing has "${only}" in its title; --list shows what there is`)
  return found
}
