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
  /** How long it may wait on the server, given its arguments; absent when it never does. */
  readonly wait?: (args: readonly Argument[]) => WaitArgument | undefined
  /** It waits where it is sent, others behind it: what it waits for belongs to that connection (WAIT). */
  readonly waitsInPlace?: boolean
  /** Its first argument is the SHA-1 of this script, of which the server can be sent the text instead. */
  readonly script?: ScriptText
  /** It changes the state of its connection: refused on the shared one, with this advice (`use client.session()` ...). */
  readonly changesConnection?: string
}

/** `first`, `first + step` ... up to `last` (negative: counted from the end); or a function that lists the positions. */
export type KeyPositions =
  | { readonly first: number; readonly last: number; readonly step: number }
  | ((args: readonly Argument[]) => readonly number[])

/** The argument that says how long a command may wait on the server; a value of 0 means without end. */
export interface WaitArgument {
  readonly position: number
  /** Milliseconds in one unit of it: 1, or 1,000 where it is in seconds. */
  readonly unit: 1 | 1_000
}

/** A script as the server is given it. */
export interface ScriptText {
  readonly source: string
  /** In hexadecimal, by which the server knows it. */
  readonly sha1: string
  /** The commands that run it by its SHA-1, and by its text. */
  readonly verbs: readonly [bySha: string, byText: string]
}
