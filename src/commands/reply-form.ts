import { type ErrorDetails, type Fate, IntegerTooLargeError, RespiteError } from '../errors.js'
import { type Argument, arrayMode, bufferArrayMode, type DecodeMode, type Reply } from '../protocol/types.js'
import type { CommandDescriptor } from './descriptor.js'
import type { ReplyOptions } from './reply-shapes.js'
import { TooLarge } from './transforms.js'

/** Returns how to decode the reply to a command, so that it has the form that the command's transform expects. */
export function decodeModeOf(
  { isDecodedAsWanted }: Pick<CommandDescriptor, 'isDecodedAsWanted'>,
  options: ReplyOptions,
): DecodeMode {
  if (options.raw) return { buffers: options.buffers, maps: 'map', sets: options.sets }
  if (isDecodedAsWanted !== false) return options
  return options.buffers ? bufferArrayMode : arrayMode
}

/**
 * Converts the reply to a command to the result that the command's method returns.
 *
 * @param about returns the details of an error, for a given fate of this attempt
 * @throws IntegerTooLargeError; RespiteError if the reply does not have the form that the transform expects
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
    const message = `${name}: the reply (the error's value) is beyond 2^53; call() gives a bigint`
    throw new IntegerTooLargeError(message, {
      ...about.detailsOf('executed'),
      command: name,
      value: thrown.value,
    })
  }
}

/**
 * Creates the error for a reply that no known server gives to this command. Such a reply does not prove whether the command
 * ran.
 */
export function misfit(name: string, about: { detailsOf(fate: Fate): ErrorDetails }, cause?: unknown): RespiteError {
  return new RespiteError(`${name}: its reply has a form that is not known`, {
    ...about.detailsOf('unknown'),
    command: name,
    cause,
  })
}
