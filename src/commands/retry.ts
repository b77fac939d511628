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

/** From the safest to the least safe. */
export const retryClasses: readonly RetryClass[] = ['read', 'idempotent', 'convergent', 'unsafe']

/** Each allows the classes before its own position. */
const policies: readonly RetryPolicy[] = ['never', 'read', 'idempotent', 'convergent', 'always']

/** Whether `policy` allows sending a command of `retryClass` again after it may have run. */
export function allowsReplay(policy: RetryPolicy, retryClass: RetryClass): boolean {
  return policies.indexOf(policy) > retryClasses.indexOf(retryClass)
}
