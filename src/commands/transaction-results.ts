import { type ErrorDetails, type Fate, ReplyError, TransactionError } from '../errors.js'
import { type DecodeMode, ErrorReply, type Reply } from '../protocol/types.js'
import { reviveErrors } from './nested-errors.js'
import { decodeModeOf, formOf, misfit } from './reply-form.js'
import type { ReplyOptions } from './reply-shapes.js'
import type { TransactionEntry } from './transaction-entries.js'

/** Returns how to decode the reply to EXEC. */
export function decodeModeOfExec(entries: readonly TransactionEntry[], options: ReplyOptions): DecodeMode {
  const common = decodeModeOf({}, options)
  if (options.raw || entries.every(({ descriptor }) => descriptor.isDecodedAsWanted !== false)) return common
  const { buffers, maps, sets } = options
  const ofElement = (index: number): DecodeMode =>
    // If there are more elements than commands, the whole reply is refused later.
    decodeModeOf(entries[index]?.descriptor ?? {}, options)
  return { buffers, maps, sets, ofElement }
}

/** What is needed to read the replies of a transaction. */
export interface TransactionContext {
  readonly options: ReplyOptions
  /** Whether keys may be watched. */
  readonly isInSession?: boolean
  /** Returns the details of an error, for this fate of the current attempt. */
  detailsOf(fate: Fate): ErrorDetails
}

/**
 * Converts the replies of a transaction to its results.
 *
 * @param replies the replies to MULTI, to each command, and to EXEC
 * @returns one result for each command; in a session, null if a watched key was changed
 * @throws TransactionError if MULTI, a command or EXEC failed; RespiteError if the number of elements in the reply to EXEC is not
 *   the number of commands
 */
export function readTransaction(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  context: TransactionContext,
): unknown[] | null {
  const last = replies[replies.length - 1] as Reply
  if (replies[0] instanceof ErrorReply) throw refusedAtMulti(entries, replies, context)
  if (last === null && context.isInSession) return null
  if (last === null || last instanceof ErrorReply) throw refusedAtExec(entries, replies, last, context)
  if (!Array.isArray(last) || last.length !== entries.length) throw misfit('EXEC', context)
  const results = resultsOf(entries, last, context)
  // Errors are counted in the replies, because `instanceof` of this package's error classes costs more than the rest.
  const failed = countErrors(last)
  if (failed === 0) return results
  throw new TransactionError(`MULTI: ${failed} of ${entries.length} commands failed within the transaction`, {
    ...context.detailsOf('executed'),
    results,
  })
}

/** Returns the result of each command, or its error. */
function resultsOf(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  context: TransactionContext,
): unknown[] {
  return entries.map((entry, i) => resultOf(entry, replies[i] as Reply, context))
}

function resultOf({ descriptor, args }: TransactionEntry, reply: Reply, context: TransactionContext): unknown {
  const revived = reviveErrors(reply, descriptor.name, args, context)
  if (isError(reply)) return revived
  try {
    return formOf(revived as Reply, descriptor, args, context.options, context)
  } catch (error) {
    return error
  }
}

/** Whether this reply to a command after MULTI shows that the command was not run. */
export const isNotRun = (reply: Reply): boolean => reply === 'QUEUED' || isError(reply)

/** Whether this reply is an error. */
export const isError = (reply: Reply): reply is ErrorReply => reply instanceof ErrorReply

const countErrors = (replies: readonly Reply[]): number => replies.filter(isError).length

/** MULTI was refused, for example by an ACL rule. So the server ran or refused each command separately; EXEC does not matter. */
function refusedAtMulti(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  context: TransactionContext,
): TransactionError {
  const own = replies.slice(1, -1)
  const results = resultsOf(entries, own, context)
  const refused = countErrors(own)
  const ran = entries.length - refused
  const details = context.detailsOf(ran > 0 ? 'executed' : 'refused')
  const { message } = replies[0] as ErrorReply
  const what = ran > 0 ? `${ran} of ${entries.length} commands ran without a transaction` : 'no command ran'
  return new TransactionError(`MULTI was refused, and ${what}: ${message}`, {
    ...details,
    cause: new ReplyError(message, { command: 'MULTI', attempts: details.attempts }),
    results,
  })
}

/**
 * The server discarded the whole transaction, or it ran each command that it did not refuse: it does not know transactions, or
 * MULTI was refused after CLIENT REPLY SKIP. A null means that a key was changed that somebody else, such as a proxy, watches.
 */
function refusedAtExec(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  exec: ErrorReply | null,
  context: TransactionContext,
): TransactionError {
  const notRun = exec === null ? 'not-executed' : 'refused'
  const details = context.detailsOf(replies.slice(1, -1).every(isNotRun) ? notRun : 'executed')
  const results = entries.map((entry, index) => {
    const reply = replies[index + 1] as Reply
    if (isError(reply)) return resultOf(entry, reply, context)
    return isNotRun(reply) ? undefined : reply
  })
  return new TransactionError(`MULTI: ${exec?.message ?? 'its reply is null'}`, { ...details, results })
}
