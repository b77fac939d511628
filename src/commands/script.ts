import process from 'node:process'
import type { Reply } from '../protocol/types.js'
import { lookup } from './catalogue.js'
import type { CommandDescriptor } from './descriptor.js'

/** A script for the server, made by {@link script}. */
export interface Script<_Result = Reply> {
  readonly source: string
  /** In hexadecimal, by which the server knows it. */
  readonly sha1: string
  readonly descriptor: CommandDescriptor
}

/**
 * Makes a script, to be run by `client.run`. Server documentation: EVALSHA, EVALSHA_RO.
 *
 * @typeParam Result what it answers
 * @param source its text
 * @param options.readOnly it does not write: the server sees to it, and it may be sent again as any read. Default false
 */
export function script<Result = Reply>(source: string, options: { readonly readOnly?: boolean } = {}): Script<Result> {
  // Loaded only for those who have scripts, and are not to pay for it when they import this package.
  const { createHash } = process.getBuiltinModule('node:crypto')
  const sha1 = createHash('sha1').update(source).digest('hex')
  const { readOnly = false } = options
  const verbs = readOnly ? (['EVALSHA_RO', 'EVAL_RO'] as const) : (['EVALSHA', 'EVAL'] as const)
  const descriptor = { ...lookup(verbs), script: { source, sha1, verbs } }
  return { source, sha1, descriptor }
}
