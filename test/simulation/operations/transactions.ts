import type { RespiteError } from '../../../src/errors.js'

/** What a TransactionError says of each command: its reply, its error, or undefined where nothing is known or ran. */
interface TransactionFailure extends RespiteError {
  readonly results?: readonly unknown[]
}

/**
 * Whether a TransactionError has a result for each command, and a fate that agrees with them.
 * @param count how many commands
 */
export const judgeTransactionError =
  (count: number) =>
  (error: TransactionFailure): string | undefined => {
    const { results } = error
    if (results === undefined) return undefined
    if (results.length !== count) return `a TransactionError with ${results.length} results of ${count} commands`
    const replies = results.filter((result) => result !== undefined && !(result instanceof Error)).length
    if (replies > 0 && error.fate !== 'executed')
      return `called ${error.fate}, with ${replies} replies among the results`
    if (replies > 0 || error.attempts > 1) return undefined
    return error.fate === 'executed' ? 'called executed, with no reply among the results' : undefined
  }
