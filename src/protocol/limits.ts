import { SIMPLE_ERROR, SIMPLE_STRING } from './bytes.js'

/**
 * Limits on the size of replies, which bound the decoder's memory. A reply that exceeds one causes a `DecodeError` in
 * the decoder, and a `ProtocolError` in a client.
 */
export interface Limits {
  /** Nesting depth of aggregates; default 128. */
  readonly depth: number
  /**
   * Bytes of one bulk or verbatim string, or of all parts of a streamed one; default 512 MiB, the limit of the servers.
   */
  readonly bulkBytes: number
  /**
   * Elements that one aggregate announces, or that a streamed one receives; a pair of a map counts once; default 2^26.
   */
  readonly elements: number
  /** Bytes of a simple string; default 512 MiB, because MONITOR sends whole commands as simple strings. */
  readonly lineBytes: number
  /** Bytes of a simple or bulk error; default 512 MiB, because scripts may return errors of any length. */
  readonly errorBytes: number
}

export const defaultLimits: Limits = Object.freeze({
  depth: 128,
  bulkBytes: 512 * 1024 * 1024,
  elements: 2 ** 26,
  lineBytes: 512 * 1024 * 1024,
  errorBytes: 512 * 1024 * 1024,
})

/**
 * Doubles and big numbers must not be longer than this, even if `lineBytes` is greater, because parsing digits takes
 * quadratic time.
 */
const numberBytes = 64 * 1024

/** The maximum length of a line of this type: text that ends with CR LF and has no length before it. */
export function lineLimit(type: number, limits: Limits): number {
  if (type === SIMPLE_ERROR) return limits.errorBytes
  return type === SIMPLE_STRING ? limits.lineBytes : Math.min(limits.lineBytes, numberBytes)
}

/**
 * The default limits, with some of them replaced.
 *
 * @throws TypeError that names a limit that does not exist or is not a positive integer
 */
export function limitsWith(changes: Partial<Limits>): Limits {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(defaultLimits, name)) throw new TypeError(`unknown limit ${name}`)
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new TypeError(`invalid limit ${name}: expected a whole number from 1; got ${String(value)}`)
    }
  }
  return { ...defaultLimits, ...changes }
}
