import { type ErrorDetails, type Fate, IntegerTooLargeError, RespiteError } from '../errors.js'
import { type Argument, arrayMode, bufferArrayMode, type DecodeMode, type Reply } from '../protocol/types.js'
import type { CommandDescriptor } from './descriptor.js'
import type { ReplyOptions } from './reply-shapes.js'
import { TooLarge } from './transforms.js'

/** How to decode the reply to a command, so that its transform finds what it expects. */
export function decodeModeOf(
  { isDecodedAsWanted }: Pick<CommandDescriptor, 'isDecodedAsWanted'>,
  options: ReplyOptions,
): DecodeMode {
  if (options.raw) return { buffers: options.buffers, maps: 'map', sets: options.sets }
  if (isDecodedAsWanted !== false) return options
  return options.buffers ? bufferArrayMode : arrayMode
}

/**
 * Gives the reply to a command its form.
 *
 * @param about what an error is told with, given the fate of this attempt
 * @throws IntegerTooLargeError; RespiteError if the reply has not the form that the transform expects
 */
export function formOf(
  reply: Reply,
  { name, transform }: CommandDescriptor,
  args: readonly Argument[],
  options: ReplyOptions,
  about: { detailsOf(fate: Fate): ErrorDetails },
): unknown {
  if (transform === undefined || options.raw) return reply
  try {
    return transform(reply, options, args)
  } catch (thrown) {
    if (!(thrown instanceof TooLarge)) throw misfit(name, about, thrown)
    const reason = `the reply is beyond 2^53: it is the error's value; use the option integers: 'bigint'`
    const details = about.detailsOf('executed')
    throw new IntegerTooLargeError(`${name}: ${reason}`, { ...details, command: name, value: thrown.value })
  }
}

/** The error for a reply that no server known gives to this command: it proves nothing. */
export function misfit(name: string, about: { detailsOf(fate: Fate): ErrorDetails }, cause?: unknown): RespiteError {
  return new RespiteError(`${name}: its reply has a form that is not known`, {
    ...about.detailsOf('unknown'),
    command: name,
    cause,
  })
}
