import { BULK_ERROR, VERBATIM_STRING } from './bytes.js'
import { copyBytes } from './copy.js'
import { ErrorReply, type Reply } from './types.js'

/** `txt:` */
const verbatimPrefixBytes = 4
const COLON = 0x3a

/**
 * Parses a payload: the bytes that follow a length.
 *
 * @param type the type byte of its token
 * @param asBuffer whether a string becomes a Buffer
 * @param isOwn whether that Buffer may share memory with `bytes`
 * @param textOf decodes the bytes between two positions to a string
 * @returns undefined if a verbatim string has no format
 */
export function parsePayload(
  type: number,
  bytes: Buffer,
  from: number,
  stop: number,
  asBuffer: boolean,
  isOwn: boolean,
  textOf: (bytes: Buffer, start: number, stop: number) => string,
): Reply | undefined {
  if (type === BULK_ERROR) return new ErrorReply(textOf(bytes, from, stop))
  let start = from
  if (type === VERBATIM_STRING) {
    start += verbatimPrefixBytes
    if (start > stop || bytes[start - 1] !== COLON) return undefined
  }
  if (!asBuffer) return textOf(bytes, start, stop)
  return isOwn ? bytes.subarray(start, stop) : copyBytes(bytes, start, stop)
}
