import type { Argument, DecodeMode, Reply } from '../protocol/types.js'
import type { RetryClass } from './retry.js'

/**
 * What the client must know of a command to carry it truthfully. Arguments, wherever they are passed, begin with the
 * command's name (`['SET', 'k', 'v']`, `['CLIENT', 'SETNAME', 'n']`).
 */
export interface CommandDescriptor {
  /** Upper case; a subcommand after a space: `CLIENT SETNAME`. */
  readonly name: string
  /** What repeating it does; a function where the arguments decide. */
  readonly retryClass: RetryClass | ((args: readonly Argument[]) => RetryClass)
  /** Positions of the keys within the arguments, for `keyPrefix`; absent when it has none. */
  readonly keys?: KeyPositions
  /** Gives the reply the form that the typed method promises, whatever the protocol version; absent when it has it already. */
  readonly transform?: (reply: Reply, mode: DecodeMode) => unknown
  /** It runs code of the user on the server, whose error replies may carry any prefix: they prove nothing. */
  readonly runsUserCode?: boolean
  /** Whether it may wait on the server, given its arguments; absent when it never does. */
  readonly blocks?: (args: readonly Argument[]) => boolean
  /** It changes the state of its connection: refused on the shared one, with this advice (`use client.session()` ...). */
  readonly changesConnection?: string
}

/** `first`, `first + step` ... up to `last` (negative: counted from the end); or a function that lists the positions. */
export type KeyPositions =
  | { readonly first: number; readonly last: number; readonly step: number }
  | ((args: readonly Argument[]) => readonly number[])
