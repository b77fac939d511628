/** What a command's arguments may be. Numbers and bigints are sent as their decimal text. */
export type Argument = string | Buffer | Uint8Array | number | bigint

/**
 * Every value that a server's reply can decode to.
 *
 * Which of them occurs depends on the reply's RESP type and on the {@link DecodeMode} in force when its first byte came.
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

/** How one reply is to be decoded. Instances are compared by identity nowhere; share frozen ones. */
export interface DecodeMode {
  /** Bulk and verbatim strings as Buffers (copies, safe to keep) instead of UTF-8 strings. */
  readonly buffers: boolean
  /** RESP3 maps as plain objects with string keys, or as Map with keys decoded like any other value. */
  readonly maps: 'object' | 'map'
  /** RESP3 sets as arrays or as Set. */
  readonly sets: 'array' | 'set'
  /**
   * Of published messages: the first two strings of an outermost array or push are names (what it is, and of which channel
   * or pattern), and come as Latin-1, one character a byte, whatever else holds. Asked then: how the rest is to be decoded.
   */
  readonly afterNames?: (kind: Reply, name: Reply) => DecodeMode
}

export const textMode: DecodeMode = Object.freeze({ buffers: false, maps: 'object', sets: 'array' })
export const bufferMode: DecodeMode = Object.freeze({ buffers: true, maps: 'object', sets: 'array' })

/** An error that the server sent, as a value: the decoder does not judge where it belongs. RESP: simple error, bulk error. */
export class ErrorReply {
  /** The server's text, prefix included: `WRONGTYPE Operation against a key ...` */
  readonly message: string

  constructor(message: string) {
    this.message = message
  }
}
