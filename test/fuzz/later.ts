import type { Finding } from './findings.js'

/** A known fault that a later issue removes. Until then findings that match are counted, and do not fail the run. */
export interface Expectation {
  readonly issue: number
  readonly reason: string
  readonly matches: (finding: Finding) => boolean
}

/**
 * All of them. Findings of the kinds that must never happen (a crash, a hang, a false fate, a wrong reply ...) are never
 * expected. Delete an entry when its issue is done.
 */
export const expectations: readonly Expectation[] = []

/**
 * Limits of the clients under test. Issue 15 (C12): the default is too small for some errors of the server. Such an error ends
 * the connection, and commands beside it are rejected.
 */
export const limitsUntilLater = { lineBytes: 2 ** 26, errorBytes: 2 ** 26 }

/**
 * Whether a subscription may stay unconfirmed until it is closed. Issue 15 (B2): a connection is not declared lost when it
 * stalls during a SUBSCRIBE.
 */
export const mayStallUntilLater = (isRough: boolean): boolean => isRough

const never: readonly Finding['kind'][] = ['crash', 'hang', 'false fate', 'wrong reply', 'not usable', 'leak']

export function expectationOf(finding: Finding): Expectation | undefined {
  if (never.includes(finding.kind)) return undefined
  return expectations.find(({ matches }) => matches(finding))
}
