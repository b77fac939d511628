import { backoffDelay } from '../connection/timing/backoff.js'
import { ReplyError, TransactionError } from '../errors.js'
import type { ClusterRuntime } from './cluster-runtime.js'
import { redirectOf } from './redirects.js'

/**
 * Runs work with the keys of one slot. If the node redirects it, the work runs again as soon as a newer view is known, but no
 * longer than for `queueTimeout`.
 *
 * @param attempt finds the node and does the work; commands that a server has redirected have not run
 */
export async function followSlot<T>(runtime: ClusterRuntime, attempt: () => Promise<T>): Promise<T> {
  const { clock, options } = runtime
  const until = options.queueTimeout === 0 ? Infinity : clock.now() + options.queueTimeout
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!isRedirected(error) || clock.now() >= until) throw error
    }
    await runtime.nextView(backoffDelay(clock, tries))
  }
}

function isRedirected(error: unknown): boolean {
  if (error instanceof TransactionError) return error.fate === 'refused' && error.results.some(isRedirected)
  return error instanceof ReplyError && redirectOf(error.message) !== undefined
}
