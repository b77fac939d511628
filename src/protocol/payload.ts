import { BULK_ERROR, VERBATIM_STRING } from './bytes.js'
import { copyBytes } from './copy.js'
import type { Source } from './source.js'
import { decodeText } from './text.js'
import { ErrorReply, type Reply } from './types.js'

/** `txt:` */
const verbatimPrefixBytes = 4
const COLON = 0x3a

/**
 * The value of a payload: the bytes that follow a length.
 *
 * @param type the type byte of its token
 * @param asBuffer whether a string becomes a Buffer
 * @param isOwn whether the value may share memory with `bytes`
 * @throws DecodeError if a verbatim string has no format, or the text is too long for a JavaScript string
 */
export function payloadValue(
  type: number,
  bytes: Buffer,
  from: number,
  stop: number,
  asBuffer: boolean,
  isOwn: boolean,
  source: Source,
): Reply {
  let start = from
  if (type === VERBATIM_STRING) {
    start += verbatimPrefixBytes
    if (start > stop || bytes[start - 1] !== COLON) throw source.errorInToken('verbatim string without its format')
  }
  if (type !== BULK_ERROR && asBuffer) return isOwn ? bytes.subarray(start, stop) : copyBytes(bytes, start, stop)
  const text = textOf(bytes, start, stop, source)
  return type === BULK_ERROR ? new ErrorReply(text) : text
}

/** @throws DecodeError if the text is too long for a JavaScript string */
export function textOf(bytes: Buffer, start: number, stop: number, source: Source): string {
  try {
    return decodeText(bytes, start, stop)
  } catch (cause) {
    // In V8, strings are limited to slightly less than 512 MiB.
    throw source.errorBeyondLimit('string too long for JavaScript', { cause })
  }
}
