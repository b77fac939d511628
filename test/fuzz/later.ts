import type { Finding } from './findings.js'

/** What is otherwise than DESIGN says, is known, and is the work of a later issue: expected today, and counted. */
export interface Expectation {
  readonly issue: number
  readonly reason: string
  readonly matches: (finding: Finding) => boolean
}

/**
 * All of them, in one place. None of a kind that must never happen: a crash, a hang, a false fate, a reply of another's
 * command. Whoever closes the issue deletes the line.
 */
export const expectations: readonly Expectation[] = [
  {
    issue: 14,
    reason: 'typed methods throw while they read an argument that is no list, object or script, in place of rejecting',
    matches: ({ kind, detail }) => kind === 'thrown' && isOfReading(detail),
  },
  {
    issue: 14,
    reason: 'iterators, sessions and transactions reject with an error of the language where an argument is of no use',
    matches: ({ kind, title, detail }) =>
      kind === 'raw error' && /Iterator\(|^session\(|transaction\(|multi\(\)/.test(title) && isOfReading(detail),
  },
]

/**
 * Of clients under test. Issue 15 (C12): an error of the server may be longer than a line is allowed to be, and then costs the
 * connection, and with it the commands beside it.
 */
export const limitsUntilLater = { lineBytes: 2 ** 26, errorBytes: 2 ** 26 }

/**
 * Whether a subscription may stay unconfirmed until it is given up. Issue 15 (B2): on a connection that takes no more bytes, a
 * SUBSCRIBE that is pending is not noticed as stalled.
 */
export const mayStallUntilLater = (isRough: boolean): boolean => isRough

/** What the language, or the caller's own code, says when something is read that can't be. */
const isOfReading = (detail: string): boolean =>
  detail.startsWith('UserFault: ') ||
  /^TypeError: .*(iterable|undefined|null|revoked|is not a function|typed array|TypedArray)/.test(detail)

const never: readonly Finding['kind'][] = ['crash', 'hang', 'false fate', 'wrong reply', 'not usable', 'leak']

export function expectationOf(finding: Finding): Expectation | undefined {
  if (never.includes(finding.kind)) return undefined
  return expectations.find(({ matches }) => matches(finding))
}
