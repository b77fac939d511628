import { BIG_NUMBER, BOOLEAN, CR, DOUBLE, LF, NULL, SIMPLE_ERROR, STREAM_END } from './bytes.js'
import { parseBigNumber, parseDouble } from './numbers.js'
import { decodeLatin1 } from './text.js'
import { ErrorReply, type Reply } from './types.js'

const O = 0x4f
const K = 0x4b
const T = 0x74
const F = 0x66

/** Position of the first CR or LF from `start`, or `bound` if there is none before `bound`. */
export function endOfLine(bytes: Buffer, start: number, bound: number): number {
  let at = start
  while (at < bound && bytes[at] !== CR && bytes[at] !== LF) at++
  return at
}

/**
 * Parses a line: the text between its type byte and CR LF.
 *
 * @param textOf decodes the bytes between two positions to a string
 * @returns undefined if the line is not valid for its type
 */
export function parseLine(
  type: number,
  bytes: Buffer,
  start: number,
  stop: number,
  textOf: (bytes: Buffer, start: number, stop: number) => string,
): Reply | undefined {
  switch (type) {
    case SIMPLE_ERROR:
      return new ErrorReply(textOf(bytes, start, stop))
    case DOUBLE:
      return parseDouble(bytes, start, stop)
    case BIG_NUMBER:
      return parseBigNumber(decodeLatin1(bytes, start, stop))
    case BOOLEAN:
      return stop - start === 1 ? parseBoolean(bytes[start] as number) : undefined
    case NULL:
    case STREAM_END:
      return start === stop ? null : undefined
    default:
      // OK is by far the most frequent line.
      if (stop - start === 2 && bytes[start] === O && bytes[start + 1] === K) return 'OK'
      return textOf(bytes, start, stop)
  }
}

function parseBoolean(byte: number): boolean | undefined {
  if (byte === T) return true
  return byte === F ? false : undefined
}

/** The name of a line type, for error messages. */
export function nameOfLine(type: number): string {
  switch (type) {
    case DOUBLE:
      return 'a double'
    case BIG_NUMBER:
      return 'a big number'
    case BOOLEAN:
      return 'a boolean'
    case NULL:
      return 'a null'
    default:
      return 'an end mark'
  }
}
