const excerptBytes = 16

/** The bytes received are not RESP, or pass a limit. What follows them in the stream can't be trusted. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  /**
   * Position in the stream, counted from 0: of the byte that can't stand there; where a whole token is wrong (a limit passed,
   * a number out of range), of its type byte.
   */
  readonly offset: number
  /** A few bytes from there on, escaped; those only that were still at hand. */
  readonly excerpt: string

  /**
   * @param reason what is wrong, without the place
   * @param offset see {@link DecodeError.offset}
   * @param bytes what was at hand from there on; the first few of them become the excerpt
   */
  constructor(reason: string, offset: number, bytes: Uint8Array, options?: ErrorOptions) {
    super(`${reason} at byte ${offset}`, options)
    this.offset = offset
    this.excerpt = escapeBytes(bytes.subarray(0, excerptBytes))
  }
}

/** Printable ASCII as it is, CR and LF as `\r` and `\n`, all else as `\xNN`. */
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
