import { type Expectation, expectationOf } from './later.js'

export type FindingKind =
  | 'crash'
  | 'hang'
  | 'slow'
  | 'false fate'
  | 'wrong reply'
  | 'not usable'
  | 'leak'
  | 'thrown'
  | 'raw error'
  | 'poor error'
  | 'unnamed'
  | 'argument told'

/** One fault that was found. */
export interface Finding {
  readonly kind: FindingKind
  /** The seed of the round, for `--seed`. */
  readonly seed: number
  /** The index of the call in the round, for `--only`; undefined when it concerns the whole round. */
  readonly index: number | undefined
  /** Description of the call. */
  readonly title: string
  readonly detail: string
}

/** All findings, in groups of similar ones: the first of each group, and their number. */
export class Findings {
  readonly #groups = new Map<string, { readonly first: Finding; count: number }>()
  readonly #expected = new Map<Expectation, number>()
  readonly #onFirst: (finding: Finding) => void

  /** @param onFirst called with the first finding of each group */
  constructor(onFirst: (finding: Finding) => void = () => {}) {
    this.#onFirst = onFirst
  }

  add(finding: Finding): void {
    const expectation = expectationOf(finding)
    if (expectation !== undefined) {
      this.#expected.set(expectation, (this.#expected.get(expectation) ?? 0) + 1)
      return
    }
    const group = `${finding.kind}: ${alike(finding.detail)}`
    const before = this.#groups.get(group)
    if (before !== undefined) {
      before.count += 1
      return
    }
    this.#groups.set(group, { first: finding, count: 1 })
    this.#onFirst(finding)
  }

  get groups(): readonly { readonly first: Finding; readonly count: number }[] {
    return [...this.#groups.values()]
  }

  /** Known faults that were found: see later.ts. */
  get expected(): ReadonlyMap<Expectation, number> {
    return this.#expected
  }
}

/** The same text for details that differ in numbers and quoted text only. */
const alike = (detail: string): string =>
  detail
    .replace(/"[^"]*"|'[^']*'/g, '…')
    .replace(/\d+/g, '0')
    .slice(0, 80)
