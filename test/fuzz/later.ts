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

const never: readonly Finding['kind'][] = ['crash', 'hang', 'false fate', 'wrong reply', 'not usable', 'leak']

export function expectationOf(finding: Finding): Expectation | undefined {
  if (never.includes(finding.kind)) return undefined
  return expectations.find(({ matches }) => matches(finding))
}
