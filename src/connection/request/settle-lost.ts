import type { RespiteError } from '../../errors.js'
import { verdictOnLoss } from './fate.js'
import type { LostRequest } from './lost-request.js'
import type { Rejection, Request } from './request.js'

/** The inputs that `settleLost` needs besides the verdicts. */
export interface LossRules {
  /** The current clock time, when the wait of requests that are queued again begins. */
  readonly now: number
  /** Whether this request may be queued again. */
  mayRequeue(lost: LostRequest): boolean
  /** Returns the error that the request is rejected with. */
  rejectionOf(request: Request): Rejection
}

/** What happened to the requests of an ended connection. */
export interface LossSummary {
  /** The requests to queue again before all others, in this order. */
  readonly again: readonly Request[]
  /** How many of the requests to queue again may have run. */
  readonly replayed: number
  /** Requests that were rejected because of the loss. */
  readonly rejected: number
}

/** Reports the loss of a connection, after the requests on it are settled or queued again. */
export type ReportLoss = (
  connection: { readonly id: number },
  reason: RespiteError,
  summary: Pick<LossSummary, 'replayed' | 'rejected'>,
) => void

/**
 * For each request, the number of attempts that were not counted because the reply to another request ended the
 * connection.
 */
const spared = new WeakMap<Request, number>()

/**
 * Whether this attempt is not counted. This happens at most `maxAttempts` times, so that a request is not sent forever.
 */
function isSpared(request: Request): boolean {
  const times = spared.get(request) ?? 0
  if (times >= request.maxAttempts) return false
  spared.set(request, times + 1)
  return true
}

/**
 * Carries out the verdict on each request of a connection that ended, in order. This is the only place where that is
 * done.
 */
export function settleLost(lostRequests: readonly LostRequest[], rules: LossRules): LossSummary {
  const again: Request[] = []
  let replayed = 0
  let rejected = 0
  for (const lost of lostRequests) {
    const { request, neverSent, wasBegun, replySeen, fault, doubt } = lost
    const mayRequeue = rules.mayRequeue(lost)
    const isUntried = neverSent
      ? !wasBegun
      : fault === 'others' && mayRequeue && request.mayReplay() && isSpared(request)
    if (request.state === 'sent' && isUntried) request.attempts -= 1
    const { action, fate } = verdictOnLoss({
      neverSent,
      replySeen,
      abandoned: request.state === 'settled',
      isAtFault: fault === 'own',
      mayReplay: request.mayReplay(),
      attempts: request.attempts,
      maxAttempts: request.maxAttempts,
    })
    if (action === 'requeue' && mayRequeue) {
      request.state = 'queued'
      request.queuedAt = rules.now
      request.refusal = null
      request.noteAttempt(fate, doubt)
      if (!neverSent) replayed += 1
      again.push(request)
      continue
    }
    if (request.state !== 'settled' && !request.isOwn) rejected += 1
    request.fail(fate, rules.rejectionOf(request), doubt)
  }
  return { again, replayed, rejected }
}
