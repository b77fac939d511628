import type { Fate } from '../../src/index.js'
import type { Effect } from './effects.js'

/** How a call ended. `thrown`: synchronously, where a promise was to be had. */
export type Outcome =
  | { readonly kind: 'resolved'; readonly value: unknown }
  | { readonly kind: 'rejected' | 'thrown'; readonly error: unknown }

/** What is known of what became of an effect. `nothing`: neither that it ran nor that it did not. */
export type Told = 'ran' | 'nothing' | Fate

/** One call of the public API, with all that is to be held against its outcome. */
export interface Call {
  /** The method, and its arguments in words. */
  readonly title: string
  /** Makes the call. What it throws, and what its promise rejects with, is judged. */
  start(): unknown
  /** Its name in errors; undefined where no command is concerned, or the name itself is misused. */
  readonly command?: string
  /** In the same tick, after the call. */
  afterCall?(): void
  /** When the promise has settled. */
  afterSettled?(): void
  /** It may wait until it is given up. */
  readonly mayWait?: boolean
  /** Whether what it ended with is what it may end with; a sentence when it is not. */
  judge?(outcome: Outcome): string | undefined
  /** Errors that are not ours and are to be expected: of misused options, of user code. */
  readonly mayThrow?: 'wrong options'
  /** What it does to the server. */
  readonly effects?: readonly Effect[]
  /** What its outcome says of one of its effects; default: of all alike, by its fate. */
  told?(outcome: Outcome, effect: Effect): Told
  /** Text of its arguments that must not turn up in errors. */
  readonly secret?: string
}
