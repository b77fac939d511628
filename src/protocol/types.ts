/** A command argument. Numbers and bigints are sent as decimal text. */
export type Argument = string | Buffer | Uint8Array | number | bigint

/**
 * Every value that a reply can be decoded to.
 *
 * The type of the value depends on the RESP type of the reply, and on the {@link DecodeMode} that applied at the
 * reply's first byte.
 */
export type Reply =
  | string
  | Buffer
  | number
  | bigint
  | boolean
  | null
  | ErrorReply
  | Reply[]
  | Set<Reply>
  | Map<Reply, Reply>
  | { [key: string]: Reply }

/** How to decode a reply. Instances are not compared by identity; share frozen ones. */
export interface DecodeMode {
  /** Whether bulk and verbatim strings become Buffers (copies, safe to keep) instead of strings decoded from UTF-8. */
  readonly buffers: boolean
  /**
   * RESP3 maps as plain objects with string keys, as Map with keys decoded like other values, or as arrays of keys and
   * values in turn (what RESP2 has instead of maps).
   */
  readonly maps: 'object' | 'map' | 'array'
  /** RESP3 sets as arrays or as Set. */
  readonly sets: 'array' | 'set'
  /**
   * For published messages. The first two strings of an outermost array or push are names (the kind of message, and its
   * channel or pattern). They are always decoded as Latin-1, one character per byte. This function is then called with
   * them, and returns the mode for the rest.
   */
  readonly afterNames?: (kind: Reply, name: Reply) => DecodeMode
  /** For the reply to EXEC: the mode of an aggregate within the outermost array, by its index there. */
  readonly ofElement?: (index: number) => DecodeMode
}

/** Strings as text, maps as plain objects, sets as arrays. */
export const textMode: DecodeMode = Object.freeze({ buffers: false, maps: 'object', sets: 'array' })

/** Strings as Buffers, maps as plain objects, sets as arrays. */
export const bufferMode: DecodeMode = Object.freeze({ buffers: true, maps: 'object', sets: 'array' })

/** Strings as text, maps and sets as arrays. */
export const arrayMode: DecodeMode = Object.freeze({ buffers: false, maps: 'array', sets: 'array' })

/** Strings as Buffers, maps and sets as arrays. */
export const bufferArrayMode: DecodeMode = Object.freeze({ buffers: true, maps: 'array', sets: 'array' })

/** An error in a reply, as a value. The decoder does not throw it. RESP specification: simple errors, bulk errors. */
export class ErrorReply {
  /** The server's text, including the prefix: `WRONGTYPE Operation against a key ...` */
  readonly message: string

  constructor(message: string) {
    this.message = message
  }
}
