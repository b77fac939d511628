import { lookup } from '../commands/catalogue.js'
import type { ReplyOptions } from '../commands/types/replies.js'
import { backoffDelay } from '../connection/timing/backoff.js'
import { ReplyError, TransactionError } from '../errors.js'
import type { Redirect } from '../options/options.js'
import type { Session } from '../sessions/session.js'
import type { ClusterRuntime } from './cluster-runtime.js'
import type { Node } from './node.js'
import { redirectOf } from './redirects.js'

/** Runs a session at the node that has a slot. Waits until this node is known, no longer than `acquireTimeout`. */
export async function runSession<T, O extends ReplyOptions>(
  runtime: ClusterRuntime,
  slot: number,
  work: (session: Session<O>) => T | Promise<T>,
): Promise<T> {
  runtime.requireOpen()
  runtime.start()
  const { node, queue } = await runtime.pool.leaseFor(slot, (node: Node, connection) => ({
    node,
    queue: node.leased.begin(connection),
  }))
  return node.leased.run(queue, work, (error) => {
    const redirect = redirectIn(error)
    if (redirect) runtime.onSessionRedirected(node, redirect)
  })
}

/**
 * Runs work with the keys of one slot. If the node redirects it, the work runs again as soon as a newer view is known, but no
 * longer than for `queueTimeout`. Keys of other slots are redirected whatever the views are, so this is not repeated.
 *
 * @param attempt finds the node and does the work; commands that a server has redirected have not run
 */
export async function followSlot<T>(runtime: ClusterRuntime, slot: number, attempt: () => Promise<T>): Promise<T> {
  const { clock, options } = runtime
  const until = clock.now() + (options.queueTimeout || Infinity)
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt()
    } catch (error) {
      const redirected = redirectIn(error)?.slot
      if (redirected === undefined || (redirected !== slot && redirected >= 0) || clock.now() >= until) throw error
    }
    await runtime.nextView(backoffDelay(clock, tries))
  }
}

/**
 * Returns how a server has redirected a command, or a transaction; undefined if it has not. The user's code may return such an
 * error itself, after it did its work: then nothing is repeated.
 */
function redirectIn(error: unknown): Redirect | undefined {
  if (error instanceof TransactionError) {
    // Commands were refused before any of them ran, unless MULTI itself was refused, which is the cause then.
    if (error.fate !== 'refused' || error.cause) return undefined
    const refusals = error.results.map((result) => (result instanceof ReplyError ? result.message : ''))
    // If no command was refused, then EXEC was. Its reply is in the message.
    return [...refusals, error.message.replace(/.* of: |MULTI: /, '')].map(redirectOf).find(Boolean)
  }
  if (!(error instanceof ReplyError)) return undefined
  // The name of a command may have two words.
  return lookup(String(error.command).split(' ')).runsUserCode ? undefined : redirectOf(error.message)
}
