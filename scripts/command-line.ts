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
