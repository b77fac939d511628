import type { Argument } from '../protocol/types.js'
import type { KeyPositions } from './key-positions.js'
import type { Transform } from './reply-shapes.js'
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
  /** Where its keys stand within the arguments; undefined when it has none. */
  readonly keys?: KeyPositions | 'unknown' | undefined
  /** Where it has patterns of keys, which a `keyPrefix` is put before, too. */
  readonly patterns?: Patterns | undefined
  /** Where text stands whose slot is that of the command, though it is no key: the channel of SPUBLISH. */
  readonly slotOfText?: KeyPositions | undefined
  /** Where in a cluster it may go when it has no key; undefined, of a command that takes keys: to any master. */
  readonly route?: Route | undefined
  /** Gives the reply the form that the typed method promises, whatever the protocol version; absent when it has it already. */
  readonly transform?: Transform | undefined
  /** The transform for its typed method alone, where `call` may give a bigint. */
  readonly integer?: Transform | undefined
  /** False if its transform expects maps and sets as arrays. */
  readonly isDecodedAsWanted?: boolean | undefined
  /** It runs code of the user or of a module on the server, whose error replies may have any prefix: they prove nothing. */
  readonly runsUserCode?: boolean | undefined
  /** How long it may wait on the server, given its arguments; absent when it never does. */
  readonly wait?: ((args: readonly Argument[]) => WaitArgument | undefined) | undefined
  /** It waits where it is sent, others behind it: what it waits for belongs to that connection (WAIT). */
  readonly waitsInPlace?: boolean | undefined
  /** Its first argument is the SHA-1 of this script, of which the server can be sent the text instead. */
  readonly script?: ScriptText | undefined
  /** It changes the state of its connection: refused on the shared one, with this advice (`use client.session()` ...). */
  readonly changesConnection?: string | undefined
}

/** SORT's BY and GET; the first argument (KEYS); what follows MATCH (SCAN). */
export type Patterns = 'sort' | 'first' | 'match'

/**
 * Where a command without keys may go: to `any` master, where it means the same; to `all` of them; to one `node`, asked for by
 * name, since it speaks for that node alone; `never` through a cluster.
 */
export type Route = 'any' | 'all' | 'node' | 'never'

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
