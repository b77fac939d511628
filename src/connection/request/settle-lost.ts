import type { ConnectionEnd } from '../wire/connection-owner.js'
import { joinFates, verdictOnLoss } from './fate.js'
import * as rejections from './rejections.js'
import type { Request } from './request.js'

/** What became of the requests of a connection that ended. */
export interface LossSummary {
  /** To be queued again before all others, in this order. */
  readonly again: readonly Request[]
  /** Those of them that may have run. */
  readonly replayed: number
  /** Requests whose callers were told that their reply is lost. */
  readonly rejected: number
}

/**
 * Gives every request that was owed a reply its due, in order.
 *
 * @param now clock time, from which those queued again wait
 * @param goesOn there will be another connection; otherwise none is queued again
 */
export function judge({ lostRequests, error }: ConnectionEnd, now: number, goesOn: boolean): LossSummary {
  const again: Request[] = []
  let replayed = 0
  let rejected = 0
  for (const { request, neverSent, replySeen } of lostRequests) {
    const { action, fate } = verdictOnLoss({
      neverSent,
      replySeen,
      abandoned: request.state === 'settled',
      mayReplay: request.mayReplay(),
      attempts: request.attempts,
      maxAttempts: request.maxAttempts,
    })
    if (action === 'requeue' && goesOn) {
      request.state = 'queued'
      request.queuedAt = now
      request.fateSoFar = joinFates(request.fateSoFar, fate)
      if (neverSent) request.attempts -= 1
      else replayed += 1
      again.push(request)
      continue
    }
    if (request.state !== 'settled') rejected += 1
    request.fail(goesOn ? rejections.lost(request, fate, error) : rejections.closed(request, fate))
  }
  return { again, replayed, rejected }
}
