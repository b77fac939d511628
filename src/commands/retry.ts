import type { RetryPolicy } from '../options/options.js'

/**
 * What happens if a command is repeated, from the safest class to the least safe:
 *
 * - `read`: the command changes nothing;
 * - `idempotent`: the state is the same afterwards, and the second reply is as correct as the first;
 * - `convergent`: the state is the same afterwards, but the reply may differ;
 * - `unsafe`: the command may do its work twice.
 */
export type RetryClass = 'read' | 'idempotent' | 'convergent' | 'unsafe'

/** The classes, from the safest to the least safe. */
export const retryClasses: readonly RetryClass[] = ['read', 'idempotent', 'convergent', 'unsafe']

/** Each policy allows the retry classes whose position is less than its own position. */
const policies: readonly RetryPolicy[] = ['never', 'read', 'idempotent', 'convergent', 'always']

/** Whether `policy` allows sending a command of `retryClass` again after it may have run. */
export function allowsReplay(policy: RetryPolicy, retryClass: RetryClass): boolean {
  return policies.indexOf(policy) > retryClasses.indexOf(retryClass)
}
