import { type Fate, ReplyError, TransactionError, withoutArguments } from '../errors.js'
import { type DecodeMode, ErrorReply, type Reply } from '../protocol/types.js'
import { retryClassOf } from './catalogue.js'
import { worstOf } from './classes.js'
import { reviveErrors } from './nested-errors.js'
import type { RetryClass } from './retry.js'
import type { TransactionEntry } from './transaction-entries.js'

/** A transaction is as harmful to repeat as the most harmful of its commands. */
export function retryClassOfTransaction(entries: readonly TransactionEntry[]): RetryClass {
  return worstOf(entries.map(({ descriptor, args }) => retryClassOf(descriptor, args)))
}

/** How the replies of a transaction are read. */
export interface TransactionContext {
  readonly mode: DecodeMode
  /** What an error is told with, given the fate of this attempt. */
  detailsOf(fate: Fate): { readonly fate: Fate; readonly command: string; readonly attempts: number }
}

/**
 * Makes results of the replies.
 *
 * @param replies to MULTI, to each command, to EXEC
 * @returns one result a command; null when a watched key had changed
 * @throws TransactionError, ReplyError
 */
export function readTransaction(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  context: TransactionContext,
): unknown[] | null {
  const last = replies[replies.length - 1] as Reply
  if (replies[0] instanceof ErrorReply) throw refusedAtMulti(entries, replies, context)
  if (last instanceof ErrorReply) throw refusedAtExec(entries, replies, last, context)
  if (last === null) return null
  const results = resultsOf(entries, last as Reply[], context)
  // By the replies, not by the results: `instanceof` of this package's errors costs more than the rest of this function.
  const failed = countErrors(last as Reply[])
  if (failed === 0) return results
  throw new TransactionError(`MULTI: ${failed} of ${entries.length} commands failed within the transaction`, {
    ...context.detailsOf('executed'),
    results,
  })
}

/** The result of each command, or its error. */
function resultsOf(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  { mode, detailsOf }: TransactionContext,
): unknown[] {
  return entries.map(({ descriptor: { name, transform }, args }, index) => {
    const reply = replies[index] as Reply
    if (reply instanceof ErrorReply) {
      const message = withoutArguments(reply.message, args.slice(1))
      return new ReplyError(message, { command: name, attempts: detailsOf('refused').attempts })
    }
    const revived = reviveErrors(reply, name) as Reply
    return transform === undefined ? revived : transform(revived, mode)
  })
}

function countErrors(replies: readonly Reply[]): number {
  let count = 0
  for (const reply of replies) if (reply instanceof ErrorReply) count += 1
  return count
}

/** MULTI was refused (by an ACL rule, say): each command was run, or refused, as it came, whatever EXEC says. */
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

/** The server threw the whole transaction away. */
function refusedAtExec(
  entries: readonly TransactionEntry[],
  replies: readonly Reply[],
  { message }: ErrorReply,
  { detailsOf }: TransactionContext,
): TransactionError {
  const details = detailsOf('refused')
  const results = entries.map(({ descriptor, args }, index) => {
    const reply = replies[index + 1]
    if (!(reply instanceof ErrorReply)) return undefined
    const text = withoutArguments(reply.message, args.slice(1))
    return new ReplyError(text, { command: descriptor.name, attempts: details.attempts })
  })
  return new TransactionError(`MULTI: ${message}`, { ...details, results })
}
