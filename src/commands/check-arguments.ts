import { isSendable, mustBeSendable } from '../protocol/arguments.js'
import type { Argument } from '../protocol/types.js'
import { usage } from './usage.js'

/**
 * Checks that each argument of a command can be sent.
 * @throws UsageError that names the method and the argument
 */
export function checkArguments(command: string, args: readonly unknown[]): asserts args is readonly Argument[] {
  for (let i = 0; i < args.length; i += 1) {
    const value = args[i]
    if (typeof value === 'string' || isSendable(value)) continue
    const words = command.split(' ').length
    const what = i === 0 ? "the command's name" : `argument ${Math.max(1, i - words + 1)}`
    throw usage(i === 0 ? 'call' : command, `${what} ${mustBeArgument(value)}`)
  }
}

/** Returns the text of an error for an argument that can't be sent. */
export function mustBeArgument(value: unknown): string {
  const isFunction = typeof value === 'function'
  return mustBeSendable(value) + (isFunction ? '; there is no callback: it returns a promise' : '')
}
