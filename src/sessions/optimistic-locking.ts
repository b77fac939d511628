import { lookup } from '../commands/catalogue.js'
import type { Text } from '../commands/sender.js'
import type { Transaction } from '../commands/transaction.js'
import { SessionLostError, TransactionError } from '../errors.js'
import type { Session } from './session.js'

/** Reads the watched keys and builds a transaction; null to change nothing. */
export type Prepare<Bulk extends string | Buffer, Results extends readonly unknown[]> = (
  session: Session<Bulk>,
) => Promise<Transaction<Bulk, Results, null> | null> | Transaction<Bulk, Results, null> | null

type RunSession<Bulk extends string | Buffer> = <T>(work: (session: Session<Bulk>) => Promise<T>) => Promise<T>

/** See `Client.transaction`. */
export async function optimistic<Bulk extends string | Buffer, Results extends readonly unknown[]>(
  runSession: RunSession<Bulk>,
  keys: readonly Text[],
  prepare: Prepare<Bulk, Results>,
  maxTries: number,
): Promise<Results | null> {
  if (!(maxTries >= 1)) throw new TypeError('transaction: maxTries must be a number, 1 or more')
  let lost: unknown
  for (let tries = 0; tries < maxTries; tries += 1) {
    try {
      const outcome = await runSession((session) => attempt(session, keys, prepare))
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

async function attempt<Bulk extends string | Buffer, Results extends readonly unknown[]>(
  session: Session<Bulk>,
  keys: readonly Text[],
  prepare: Prepare<Bulk, Results>,
): Promise<Results | null | 'conflict'> {
  await session.watch(...keys)
  const transaction = await prepare(session)
  if (transaction === null) return null
  return (await transaction.exec()) ?? 'conflict'
}

/** Whether the lost command changed nothing, so that everything may be tried again. */
function leftNothing({ fate, command = '' }: SessionLostError): boolean {
  return fate === 'not-executed' || command === 'WATCH' || lookup(command.split(' ')).retryClass === 'read'
}
