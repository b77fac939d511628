import { allowsReplay } from '../../src/commands/retry.js'
import type { Fate, RespiteError } from '../../src/errors.js'
import { type Book, type Entry, executionsOf, title } from './book.js'

/** What the server is, as far as it decides what must hold. */
export interface ServerRules {
  /** A transaction is whole: nobody forbids MULTI. */
  readonly keepsTransactionsWhole: boolean
  /** The client sends again only what is fenced, or what changes nothing. */
  readonly requiresFence: boolean
}

/** What must hold of every call once nothing can happen any more. */
export function checkEntries(book: Book, rules: ServerRules): void {
  for (const entry of book.entries) {
    for (const wrong of wrongsOf(entry, rules)) book.violation(`${title(entry)}: ${wrong}`)
  }
  for (const wrong of book.order.wrongs()) book.violation(wrong)
  book.tally.note('invariant: effects come in the order of the calls', book.order.checked)
}

function* wrongsOf(entry: Entry, rules: ServerRules): Generator<string> {
  const { operation } = entry
  const executions = executionsOf(entry)
  const mayReplay = allowsReplay(entry.policy, operation.retryClass)
  if (entry.settled === 'no') yield 'never settled'
  if (entry.settled === 'resolved' && executions === 0 && operation.mayComeToNothing !== true) {
    yield 'resolved, and never ran'
  }
  if (operation.own === 'session' && entry.wires.size > 1 && executions > 1) yield 'ran on two connections'
  if (entry.settled === 'rejected') {
    const { error } = entry
    yield* wrongsOfFate((error as RespiteError).fate, entry)
    if (entry.resolvedAs !== undefined) yield* wrongsOfFate(entry.resolvedAs, entry)
    yield* wrongsOfRejection(error as RespiteError, entry, mayReplay && !rules.requiresFence)
  }
  if (operation.runsOnce === true && executions > 1) yield `ran ${executions} times, and was to run once`
  if (executions > 1 && !mayReplay) yield `ran ${executions} times, against its policy (${entry.policy})`
  // The reply of another request that was garbage costs no attempt, as often as it may be sent.
  const spared = Math.min(entry.maxAttempts, [...entry.wires].filter(({ isGarbled }) => isGarbled).length)
  if (executions > entry.maxAttempts + spared) yield `ran ${executions} times, of ${entry.maxAttempts} allowed`
  // A refusal for now uses up no attempt.
  if (operation.own !== 'session' && entry.written > entry.maxAttempts + entry.refusals + spared) {
    yield `delivered ${entry.written} times, of ${entry.maxAttempts} allowed`
  }
  const isOfOnePiece = rules.keepsTransactionsWhole && operation.runsUserCode !== true
  if (isOfOnePiece && new Set(entry.runs.values()).size > 1) yield `ran in part: ${JSON.stringify([...entry.runs])}`
}

/** Whether a fate is true, now that all is over. */
export function* wrongsOfFate(fate: Fate, entry: Entry): Generator<string> {
  if (entry.operation.failsForOthers === true) return
  const executions = executionsOf(entry)
  if (fate === 'not-executed' && executions + entry.failures > 0)
    yield `called not-executed, and ran ${executions} times`
  // Of a session the fate is that of one command in it, and not always of the one that is counted.
  if (entry.operation.own === 'session' && fate !== 'not-executed') return
  // A wait that brought nothing has run, too.
  const countsAll = entry.operation.mayComeToNothing !== true
  if (fate === 'executed' && executions === 0 && countsAll) yield 'called executed, and never ran'
  // A script does what it does before it answers with an error.
  if (fate === 'refused' && executions > 0 && entry.operation.runsUserCode !== true) {
    yield `called refused, and ran ${executions} times`
  }
  // The end of a wait by CLIENT UNBLOCK is an error, too.
  if (fate === 'refused' && entry.failures + entry.refusals === 0 && entry.operation.own === undefined)
    yield 'called refused, and nobody refused it'
  if (fate === 'unknown' && entry.written === 0) yield 'called unknown, and was never written'
}

function* wrongsOfRejection(error: RespiteError, entry: Entry, mayReplay: boolean): Generator<string> {
  if (entry.operation.own === 'session' || entry.operation.failsForOthers === true) return
  const isCut = [...entry.wires].some((wire) => wire.isOver)
  if (entry.operation.own === 'blocking' && error.fate === 'unknown' && !isCut) {
    yield 'given up for unknown, though its connection lives'
  }
  if (error.code === 'CONNECTION_LOST' && mayReplay && error.attempts < entry.maxAttempts && !gaveUp(error)) {
    yield `rejected after ${error.attempts} of ${entry.maxAttempts} attempts, though its policy allows more`
  }
  if (error.attempts > entry.written) yield `says ${error.attempts} attempts, and was written ${entry.written} times`
  if (executionsOf(entry) > error.attempts + [...entry.wires].filter(({ isGarbled }) => isGarbled).length)
    yield `ran more often than it was sent (${error.attempts})`
}

/**
 * The client has stopped reconnecting: what waited to be sent again is rejected with the reason. Or its reply was garbage: another
 * would be, too.
 */
const gaveUp = (error: RespiteError): boolean =>
  ['CONNECT_FAILED', 'PROTOCOL_ERROR'].includes((error.cause as RespiteError | undefined)?.code ?? '')
