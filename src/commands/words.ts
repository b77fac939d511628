import { numberText } from '../protocol/arguments.js'
import { Buffer } from '../protocol/buffer.js'
import { isBytes, viewOf } from '../protocol/byte-arrays.js'
import type { Argument } from '../protocol/types.js'

/** Letters that are ASCII in upper case only. For servers, they are no letters; others like them (`ß`) become two. */
const asciiInUpperCase = /[\u0131\u017f]/

/** An argument as text in upper case, if it is the same text for a server. */
export function upper(argument: Argument | undefined): string {
  const text = textOf(argument)
  const found = text.toUpperCase()
  return found.length === text.length && !asciiInUpperCase.test(text) ? found : text
}

/** An argument as the server's parser sees a keyword: upper case text, which ends at the first NUL. */
export const word = (argument: Argument | undefined): string => upper(argument).split('\0', 1)[0] as string

/** An argument as text; bytes as Latin-1. */
export function textOf(argument: Argument | undefined): string {
  if (typeof argument === 'string') return argument
  if (isBytes(argument)) return viewOf(argument).toString('latin1')
  // Some objects have no text at all; they are refused when it comes to sending them.
  return argument === undefined || typeof argument === 'object' ? '' : numberText(argument)
}

/** A number in an argument, whatever its type; NaN if it is none. */
export const numberOf = (argument: Argument | undefined): number =>
  typeof argument === 'number' ? argument : Number(word(argument))

/**
 * The position of each option among the arguments from `start` on, up to the option `end`; of one that is given twice the
 * later, which servers follow. What an option takes is not mistaken for an option: a group may be called `streams`.
 *
 * @param taken how many arguments an option takes, by its name; none when it is not named
 */
export function optionsOf(
  args: readonly Argument[],
  start: number,
  taken: Readonly<Record<string, number>> = {},
  end?: string,
): Map<string, number> {
  const positions = new Map<string, number>()
  for (let i = start; i < args.length; i += 1) {
    const option = word(args[i])
    positions.set(option, i)
    if (option === end) break
    i += taken[option] ?? 0
  }
  return positions
}

/** Whether two arguments are the same text to the server. */
export function isSame(one: Argument | undefined, other: Argument | undefined): boolean {
  return bytesOf(one).equals(bytesOf(other))
}

/** An argument as the server gets it. */
export function bytesOf(argument: Argument | undefined): Buffer {
  return isBytes(argument) ? viewOf(argument) : Buffer.from(textOf(argument))
}
