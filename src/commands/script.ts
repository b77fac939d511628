import process from 'node:process'
import { UsageError } from '../errors.js'
import { checkedOptions } from '../options/resolve.js'
import { boolean } from '../options/rules.js'
import { isSendable } from '../protocol/arguments.js'
import type { Argument, Reply } from '../protocol/types.js'
import { lookup } from './catalogue.js'
import { mustBeArgument } from './check-arguments.js'
import type { CommandDescriptor } from './descriptor.js'
import { usage } from './usage.js'

/** A script for the server, created by {@link script}. */
export interface Script<_Result = Reply> {
  readonly source: string
  /** The SHA-1 by which the server knows the script, in hexadecimal. */
  readonly sha1: string
  readonly descriptor: CommandDescriptor
}

/**
 * Creates a script, to be run by `client.run`. Server documentation: EVALSHA, EVALSHA_RO.
 *
 * @typeParam Result the type of its result
 * @param source its text
 * @param options.readOnly whether the script only reads. If true, the server refuses its writes, and the script may be sent
 *   again like any read. Default false
 * @throws UsageError if the text is not a string; TypeError that names an unknown or invalid option
 */
export function script<Result = Reply>(source: string, options: { readonly readOnly?: boolean } = {}): Script<Result> {
  if (typeof source !== 'string') throw usage('script', 'argument 1 must be a string')
  const { readOnly } = checkedOptions(options, { readOnly: boolean() })
  // The module is loaded only when a script is created, so that importing this package stays cheap.
  const { createHash } = process.getBuiltinModule('node:crypto')
  const sha1 = createHash('sha1').update(source).digest('hex')
  const verbs = readOnly ? (['EVALSHA_RO', 'EVAL_RO'] as const) : (['EVALSHA', 'EVAL'] as const)
  const descriptor = { ...lookup(verbs), script: { source, sha1, verbs } }
  return { source, sha1, descriptor }
}

/**
 * Returns the command that `client.run` sends.
 * @throws UsageError that names the argument
 */
export function scriptCall([script, keys, args = [], ...more]: readonly unknown[]): {
  readonly descriptor: CommandDescriptor
  readonly args: Argument[]
} {
  const descriptor = (script as Script | undefined)?.descriptor
  if (descriptor?.script === undefined) throw wrongRun('RUN', 'argument 1 must be a script made by script()')
  const { name } = descriptor
  if (more.length > 0) throw wrongRun(name, 'expected a script, an array of keys and an array of arguments')
  const listedKeys = listed(name, keys, 'argument 2', 'key')
  const listedArgs = listed(name, args, 'argument 3', 'element')
  return { descriptor, args: [name, descriptor.script.sha1, listedKeys.length, ...listedKeys, ...listedArgs] }
}

const wrongRun = (command: string, reason: string): UsageError =>
  new UsageError(`run: ${reason}`, { fate: 'not-executed', command })

function listed(command: string, given: unknown, place: string, what: string): Argument[] {
  if (!Array.isArray(given)) throw wrongRun(command, `${place} must be an array`)
  return Array.from(given, (value: unknown, i) => {
    if (typeof value === 'string' || isSendable(value)) return value
    throw wrongRun(command, `${place}: ${what} ${i + 1} ${mustBeArgument(value)}`)
  })
}
