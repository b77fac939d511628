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
export const expectations: readonly Expectation[] = [
  {
    issue: 14,
    reason:
      'typed methods throw a raw TypeError, instead of rejecting, for an argument that is not the expected list, object or script',
    matches: ({ kind, detail }) => kind === 'thrown' && isOfReading(detail),
  },
  {
    issue: 14,
    reason: 'iterators, sessions and transactions reject with a raw TypeError for a wrong argument',
    matches: ({ kind, title, detail }) =>
      kind === 'raw error' && /Iterator\(|^session\(|transaction\(|multi\(\)/.test(title) && isOfReading(detail),
  },
]

/** Errors of the language, or of the caller's own code, from reading an argument. */
const isOfReading = (detail: string): boolean =>
  detail.startsWith('UserFault: ') ||
  /^TypeError: .*(iterable|undefined|null|revoked|is not a function|typed array|TypedArray)/.test(detail)

const never: readonly Finding['kind'][] = ['crash', 'hang', 'false fate', 'wrong reply', 'not usable', 'leak']

export function expectationOf(finding: Finding): Expectation | undefined {
  if (never.includes(finding.kind)) return undefined
  return expectations.find(({ matches }) => matches(finding))
}
