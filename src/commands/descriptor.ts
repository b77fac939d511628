import type { Argument } from '../protocol/types.js'
import type { KeyPositions } from './key-positions.js'
import type { Transform } from './reply-shapes.js'
import type { RetryClass } from './retry.js'

/**
 * What the client must know about a command to send it, and to report what became of it. Lists of arguments always begin with
 * the command's name: `['SET', 'k', 'v']`, `['CLIENT', 'SETNAME', 'n']`.
 */
export interface CommandDescriptor {
  /** In upper case, with a subcommand after a space: `CLIENT SETNAME`. */
  readonly name: string
  /** What repeating the command does; a function if that depends on the arguments. */
  readonly retryClass: RetryClass | ((args: readonly Argument[]) => RetryClass)
  /** The positions of the keys; undefined if the command has none. */
  readonly keys?: KeyPositions | 'unknown' | undefined
  /** The arguments that are patterns for keys. The `keyPrefix` is added to them too. */
  readonly patterns?: Patterns | undefined
  /** The positions of text that is not a key, but determines the command's slot: the channel of SPUBLISH. */
  readonly slotOfText?: KeyPositions | undefined
  /** Where in a cluster a call without keys may be sent. If this is undefined (for commands with keys), to any master. */
  readonly route?: Route | undefined
  /** Converts the reply, of either protocol version, to the result of the typed method; undefined if they are the same. */
  readonly transform?: Transform | undefined
  /** A conversion that only the typed method applies; `call` may return a bigint. */
  readonly integer?: Transform | undefined
  /** False if the transform expects maps and sets as arrays. */
  readonly isDecodedAsWanted?: boolean | undefined
  /** The command runs code of the user or of a module. Such code may return errors with any prefix, so they prove nothing. */
  readonly runsUserCode?: boolean | undefined
  /** The argument that limits how long the command waits on the server; undefined if it never waits. */
  readonly wait?: ((args: readonly Argument[]) => WaitArgument | undefined) | undefined
  /**
   * The command waits on the server, but must be sent on the same connection as other commands, not on a pooled one. Later
   * commands on this connection wait for it. Examples: WAIT, which is about the earlier commands of its connection; SHUTDOWN.
   */
  readonly waitsInPlace?: boolean | undefined
  /** The script whose SHA-1 is the command's first argument. The script's text can be sent instead. */
  readonly script?: ScriptText | undefined
  /** Set if the command changes its connection's state: the advice with which it is refused, such as `use client.session()`. */
  readonly changesConnection?: string | undefined
}

/**
 * `sort`: BY and GET of SORT; `first`: the first argument, as in KEYS; `match`: the argument after MATCH, as in SCAN; `tracking`:
 * the arguments after PREFIX.
 */
export type Patterns = 'sort' | 'first' | 'match' | 'tracking'

/**
 * Where a command without keys may be sent in a cluster:
 *
 * - `any`: any master, because the result is the same;
 * - `all`: all masters;
 * - `node`: one node, which the caller must name, because the result is about that node only;
 * - `never`: nowhere.
 */
export type Route = 'any' | 'all' | 'node' | 'never'

/** The argument that limits how long a command waits on the server; 0 means no limit. */
export interface WaitArgument {
  readonly position: number
  /**
   * The unit of the argument, in milliseconds: 1,000 if the argument is in seconds; 0 if there is no such argument, because the
   * command waits until the server closes the connection.
   */
  readonly unit: 0 | 1 | 1_000
}

/** A script, and how it is sent. */
export interface ScriptText {
  readonly source: string
  /** The SHA-1 by which the server knows the script, in hexadecimal. */
  readonly sha1: string
  /** The commands that run it: by its SHA-1, and by its text. */
  readonly verbs: readonly [bySha: string, byText: string]
}
