import type { RetryPolicy } from '../options/options.js'

/**
 * What repeating a command does, from the safest class to the least safe:
 *
 * - `read`: it changes nothing;
 * - `idempotent`: it leaves the same state and gives an equally true reply;
 * - `convergent`: it leaves the same state, but the reply may differ;
 * - `unsafe`: it may do its work twice.
 */
export type RetryClass = 'read' | 'idempotent' | 'convergent' | 'unsafe'

const reach: Readonly<Record<RetryPolicy, number>> = { never: 0, read: 1, idempotent: 2, convergent: 3, always: 4 }
const demand: Readonly<Record<RetryClass, number>> = { read: 1, idempotent: 2, convergent: 3, unsafe: 4 }

/** Whether `policy` allows sending a command of `retryClass` again after it may have run. */
export function allowsReplay(policy: RetryPolicy, retryClass: RetryClass): boolean {
  return reach[policy] >= demand[retryClass]
}
