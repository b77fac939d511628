const excerptBytes = 16

/** The received bytes are not RESP, or exceed a limit. The rest of the stream can't be trusted. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  /**
   * Position in the stream, from 0, of the invalid byte. If a whole token is invalid (a limit exceeded, a number out of
   * range), this is the position of the token's type byte.
   */
  readonly offset: number
  /** A few bytes from that position, escaped. They all come from the current chunk. */
  readonly excerpt: string
  /** Whether the bytes are valid so far, but exceed a limit. */
  readonly exceedsLimit: boolean

  /**
   * @param reason what is wrong, without the position
   * @param offset see {@link DecodeError.offset}
   * @param bytes the available bytes from that position; the first few become the excerpt
   * @param exceedsLimit see {@link DecodeError.exceedsLimit}
   */
  constructor(reason: string, offset: number, bytes: Uint8Array, exceedsLimit?: boolean, options?: ErrorOptions) {
    super(`${reason} at byte ${offset}`, options)
    this.exceedsLimit = exceedsLimit === true
    this.offset = offset
    this.excerpt = escapeBytes(bytes.subarray(0, excerptBytes))
  }
}

/**
 * Leaves printable ASCII unchanged, and writes a backslash as `\\`, CR and LF as `\r` and `\n`, other bytes as `\xNN`.
 */
export function escapeBytes(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    if (byte === 0x0d) text += '\\r'
    else if (byte === 0x0a) text += '\\n'
    else if (byte === 0x5c) text += '\\\\'
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte)
    else text += `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return text
}
