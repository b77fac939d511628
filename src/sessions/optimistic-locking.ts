import { lookup } from '../commands/catalogue.js'
import { checkArguments } from '../commands/check-arguments.js'
import { placeOf, type Transaction } from '../commands/transaction.js'
import type { Text } from '../commands/types/arguments.js'
import type { ReplyOptions } from '../commands/types/replies.js'
import { usage } from '../commands/usage.js'
import { SessionLostError, TransactionError } from '../errors.js'
import { checkedOptions } from '../options/resolve.js'
import { count } from '../options/rules.js'
import { describeValue } from '../protocol/arguments.js'
import { checkFunction } from './check-function.js'
import type { Session } from './session.js'

/** Reads the watched keys and returns a transaction; null to change nothing. */
export type Prepare<O extends ReplyOptions, Results extends readonly unknown[]> = (
  session: Session<O>,
) => Promise<Transaction<O, Results, null> | null> | Transaction<O, Results, null> | null

type RunSession<O extends ReplyOptions> = <T>(work: (session: Session<O>) => Promise<T>) => Promise<T>

/** See `Client.transaction`. */
export async function optimistic<O extends ReplyOptions, Results extends readonly unknown[]>(
  runSession: RunSession<O>,
  keys: Text | readonly Text[],
  prepare: Prepare<O, Results>,
  options: { readonly maxTries?: number },
): Promise<Results | null> {
  const watched = [keys].flat() as [Text]
  checkArguments('transaction', ['', ...watched])
  checkFunction('transaction', 2, prepare)
  const { maxTries = 16 } = checkedOptions(options, { maxTries: count() })
  let lost: unknown
  for (let tries = 0; tries < maxTries; tries += 1) {
    try {
      const outcome = await runSession((session) => attempt(session, watched, prepare))
      if (outcome !== 'conflict') return outcome
    } catch (error) {
      if (!(error instanceof SessionLostError) || !leftNothing(error)) throw error
      lost = error
    }
  }
  throw new TransactionError(`MULTI: the watched keys were changed by other clients; attempts: ${maxTries}`, {
    fate: 'not-executed',
    code: 'TRANSACTION_CONFLICT',
    command: 'MULTI',
    cause: lost,
    results: [],
  })
}

async function attempt<O extends ReplyOptions, Results extends readonly unknown[]>(
  session: Session<O>,
  keys: [Text],
  prepare: Prepare<O, Results>,
): Promise<Results | null | 'conflict'> {
  await session.watch(keys)
  const transaction = await prepare(session)
  if (transaction === null) return null
  // A transaction of the client would run on another connection, even if a watched key was changed.
  if (typeof transaction?.exec !== 'function' || placeOf(transaction) !== placeOf(session.multi())) {
    const what = describeValue(transaction)
    throw usage('transaction', `the function must return a transaction of session.multi(), or null; got ${what}`)
  }
  return (await transaction.exec()) ?? 'conflict'
}

/** Whether the lost command had no effect, so that the transaction may start again. */
function leftNothing({ fate, command = '' }: SessionLostError): boolean {
  return fate === 'not-executed' || command === 'WATCH' || lookup(command.split(' ')).retryClass === 'read'
}
