import type { Fate } from '../../src/index.js'
import type { Effect } from './effects.js'

/** How a call ended. `thrown`: it threw synchronously instead of returning a promise. */
export type Outcome =
  | { readonly kind: 'resolved'; readonly value: unknown }
  | { readonly kind: 'rejected' | 'thrown'; readonly error: unknown }

/** What the caller was told about one effect. `nothing`: it may have run or not. */
export type Told = 'ran' | 'nothing' | Fate

/** One call of the public API, and how to check its outcome. */
export interface Call {
  /** The method, and a description of its arguments. */
  readonly title: string
  /** Makes the call. What it throws, and what its promise rejects with, is checked. */
  start(): unknown
  /** The name that errors must give; undefined for calls that are not commands, and where the name itself is wrong. */
  readonly command?: string
  /** Called in the same tick as the call, after it. */
  afterCall?(): void
  /** Called when the promise has settled. */
  afterSettled?(): void
  /** It may wait without limit: the round aborts it at the end. */
  readonly mayWait?: boolean
  /** Returns what is wrong with the outcome; undefined when it is correct. */
  judge?(outcome: Outcome): string | undefined
  /** It may throw errors that are not RespiteErrors: a TypeError about options, or an error of user code. */
  readonly mayThrow?: 'wrong options'
  /** What it writes on the server. */
  readonly effects?: readonly Effect[]
  /** What its outcome says about one of its effects; default: the fate, for all of them. */
  told?(outcome: Outcome, effect: Effect): Told
  /** Text from its arguments that must not appear in errors. */
  readonly secret?: string
}
