import type { CommandDescriptor } from '../commands/descriptor.js'
import { type Script, script } from '../commands/script.js'
import { IntegerTooLargeError, ReplyError, TransactionError } from '../errors.js'
import { type Argument, ErrorReply, type Reply } from '../protocol/types.js'
import { headLength } from './digest.js'
import type { ReceiptCall } from './once-call.js'
import { receiptSource } from './receipt-script.js'

/**
 * What the server knows about a call that runs once:
 *
 * - `found: false`: there is no receipt. The call never ran, or will run later, or its receipt has expired or was evicted;
 * - `reply`: the call ran, and this is its reply, even if the method can't return it (INTEGER_TOO_LARGE);
 * - `error`: the server answered the call with this error;
 * - `pending`: the receipt has no reply, so it is unknown whether the call ran.
 */
export type Receipt =
  | { readonly found: false }
  | { readonly found: true; readonly reply: unknown }
  | { readonly found: true; readonly error: Error }
  | { readonly found: true; readonly pending: true }

const none: Receipt = { found: false }

let reader: Script | undefined

/**
 * Reads a receipt.
 * @param call the call to which the receipt must belong; undefined: any call
 * @param read sends a command
 */
export async function readReceipt(
  call: ReceiptCall | undefined,
  name: Argument,
  read: (descriptor: CommandDescriptor, args: readonly Argument[]) => Promise<unknown>,
): Promise<Receipt> {
  reader ??= script(receiptSource, { readOnly: true })
  const found = await read(reader.descriptor, ['EVALSHA_RO', reader.sha1, 1, name, headLength])
  if (!Array.isArray(found)) return none
  const head = String(found[0])
  if (head.length !== headLength || head[0] !== '1') return none
  if (call !== undefined && head !== call.head) return none
  if (found.length < 2) return { found: true, pending: true }
  const reply: unknown = found[1]
  if (call === undefined) return reply instanceof ReplyError ? { found: true, error: reply } : { found: true, reply }
  try {
    return { found: true, reply: call.read(withErrors(reply), false) }
  } catch (error) {
    if (error instanceof IntegerTooLargeError) return { found: true, reply: error.value }
    if (error instanceof ReplyError || error instanceof TransactionError) return { found: true, error }
    throw error
  }
}

/** Turns a reply whose errors were converted to ReplyErrors back into the form that the decoder returned. */
function withErrors(reply: unknown): Reply {
  if (reply instanceof ReplyError) return new ErrorReply(reply.message)
  const given = Array.isArray(reply)
    ? reply.map((each) => (each instanceof ReplyError ? withErrors(each) : each))
    : reply
  // Everything else in this value is as the decoder returned it, so it is a Reply.
  return given as Reply
}
