import type { Argument } from '../protocol/types.js'
import type { KeyPositions } from './key-positions.js'
import type { Transform } from './reply-shapes.js'
import type { RetryClass } from './retry.js'

/**
 * What the client must know about a command to send it, and to say what became of it. Lists of arguments always begin with
 * the command's name: `['SET', 'k', 'v']`, `['CLIENT', 'SETNAME', 'n']`.
 */
export interface CommandDescriptor {
  /** In upper case, with a subcommand after a space: `CLIENT SETNAME`. */
  readonly name: string
  /** What repeating it does; a function if that depends on the arguments. */
  readonly retryClass: RetryClass | ((args: readonly Argument[]) => RetryClass)
  /** The positions of its keys; undefined if it has none. */
  readonly keys?: KeyPositions | 'unknown' | undefined
  /** The patterns in its arguments that match keys: a `keyPrefix` is added to them, too. */
  readonly patterns?: Patterns | undefined
  /** The positions of text that is not a key, but determines the command's slot: the channel of SPUBLISH. */
  readonly slotOfText?: KeyPositions | undefined
  /** Where in a cluster it may be sent if it has no key. Undefined for commands that take keys: to any master. */
  readonly route?: Route | undefined
  /** Converts the reply, of either protocol version, to the result of the typed method; undefined if they are the same. */
  readonly transform?: Transform | undefined
  /** The same for its typed method alone; `call` may give a bigint. */
  readonly integer?: Transform | undefined
  /** False if its transform expects maps and sets as arrays. */
  readonly isDecodedAsWanted?: boolean | undefined
  /** It runs code of the user or of a module. Such code may return errors with any prefix, so they prove nothing. */
  readonly runsUserCode?: boolean | undefined
  /** Which argument says how long it may wait on the server; undefined if it never waits. */
  readonly wait?: ((args: readonly Argument[]) => WaitArgument | undefined) | undefined
  /** It must be sent on the connection whose earlier commands it waits for, so later commands wait behind it: WAIT. */
  readonly waitsInPlace?: boolean | undefined
  /** Its first argument is the SHA-1 of this script; the text can be sent instead. */
  readonly script?: ScriptText | undefined
  /** It changes the state of its connection, so the shared connection refuses it, with this advice: `use client.session()`. */
  readonly changesConnection?: string | undefined
}

/**
 * `sort`: BY and GET of SORT; `first`: the first argument, as in KEYS; `match`: what follows MATCH, as in SCAN; `tracking`: what
 * follows PREFIX.
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

/** The argument that says how long a command may wait on the server; 0 means no limit. */
export interface WaitArgument {
  readonly position: number
  /** Its unit in milliseconds: 1,000 if it is in seconds. */
  readonly unit: 1 | 1_000
}

/** A script, and how it is sent. */
export interface ScriptText {
  readonly source: string
  /** The server's name for it, in hexadecimal. */
  readonly sha1: string
  /** The commands that run it: by its SHA-1, and by its text. */
  readonly verbs: readonly [bySha: string, byText: string]
}
