import { numberText } from '../protocol/arguments.js'
import { Buffer } from '../protocol/buffer.js'
import { isBytes, viewOf } from '../protocol/byte-arrays.js'
import type { Argument } from '../protocol/types.js'

/**
 * Letters that are not ASCII, but become one ASCII letter in upper case. Servers do not convert them. Similar letters, such as
 * `ß`, become two letters.
 */
const asciiInUpperCase = /[\u0131\u017f]/

/** Returns an argument as text, in upper case if a server regards both as the same word. */
export function upper(argument: Argument | undefined): string {
  const text = textOf(argument)
  const found = text.toUpperCase()
  return found.length === text.length && !asciiInUpperCase.test(text) ? found : text
}

/** Returns an argument as the server's parser reads a keyword: in upper case, up to the first NUL. */
export const word = (argument: Argument | undefined): string => upper(argument).split('\0', 1)[0] as string

/** An argument as text; bytes as Latin-1. */
export function textOf(argument: Argument | undefined): string {
  if (typeof argument === 'string') return argument
  if (isBytes(argument)) return viewOf(argument).toString('latin1')
  // Some objects have no text at all. They are refused before they are sent.
  return argument === undefined || typeof argument === 'object' ? '' : numberText(argument)
}

/** Returns the number in an argument of any type; NaN if it is not a number. */
export const numberOf = (argument: Argument | undefined): number =>
  typeof argument === 'number' ? argument : Number(word(argument))

/**
 * Returns the position of each option among the arguments, from `start` up to the option `end`. If an option is given twice, this
 * is the later position, which servers use. The arguments of an option are skipped, because a group may be called `streams`.
 *
 * @param taken the number of arguments that each option takes; options that are not listed take none
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

/** Returns the bytes of an argument, as the server receives them. */
export function bytesOf(argument: Argument | undefined): Buffer {
  return isBytes(argument) ? viewOf(argument) : Buffer.from(textOf(argument))
}
