import { allowsReplay } from '../../src/commands/retry.js'
import type { Fate, RespiteError } from '../../src/errors.js'
import { type Book, type Entry, executionsOf, title } from './book.js'

/** What must hold of every call once nothing can happen any more. */
export function checkEntries(book: Book): void {
  for (const entry of book.entries) {
    for (const wrong of wrongsOf(entry)) book.violation(`${title(entry)}: ${wrong}`)
  }
}

function* wrongsOf(entry: Entry): Generator<string> {
  const executions = executionsOf(entry)
  const mayReplay = allowsReplay(entry.policy, entry.operation.retryClass)
  if (entry.settled === 'no') yield 'never settled'
  if (entry.settled === 'resolved' && executions === 0) yield 'resolved, and never ran'
  if (entry.settled === 'rejected') {
    const { error } = entry
    yield* wrongsOfFate((error as RespiteError).fate, entry)
    yield* wrongsOfRejection(error as RespiteError, entry, mayReplay)
  }
  if (executions > 1 && !mayReplay) yield `ran ${executions} times, against its policy (${entry.policy})`
  if (executions > entry.maxAttempts) yield `ran ${executions} times, of ${entry.maxAttempts} allowed`
  if (new Set(entry.runs.values()).size > 1) yield `ran in part: ${JSON.stringify([...entry.runs])}`
}

/** Whether a fate is true, now that all is over. */
export function* wrongsOfFate(fate: Fate, entry: Entry): Generator<string> {
  const executions = executionsOf(entry)
  if (fate === 'not-executed' && executions + entry.failures > 0)
    yield `called not-executed, and ran ${executions} times`
  if (fate === 'executed' && executions === 0) yield 'called executed, and never ran'
  if (fate === 'refused' && executions > 0) yield `called refused, and ran ${executions} times`
  if (fate === 'unknown' && entry.written === 0 && entry.operation.isLarge !== true)
    yield 'called unknown, and was never written'
}

function* wrongsOfRejection(error: RespiteError, entry: Entry, mayReplay: boolean): Generator<string> {
  if (error.code === 'CONNECTION_LOST' && mayReplay && error.attempts < entry.maxAttempts && !gaveUp(error)) {
    yield `rejected after ${error.attempts} of ${entry.maxAttempts} attempts, though its policy allows more`
  }
  if (error.attempts > entry.written && entry.operation.isLarge !== true)
    yield `says ${error.attempts} attempts, and was written ${entry.written} times`
  if (executionsOf(entry) > error.attempts) yield `ran more often than it was sent (${error.attempts})`
}

/** The client has stopped reconnecting: what waited to be sent again is rejected with the reason. */
const gaveUp = (error: RespiteError): boolean => (error.cause as RespiteError | undefined)?.code === 'CONNECT_FAILED'
