import { SIMPLE_ERROR } from './bytes.js'

/** Bounds on what a server may make the decoder hold. Passing one of them is a {@link DecodeError}. */
export interface Limits {
  /** Aggregates within one another. Default 128. */
  readonly depth: number
  /** Bytes of one bulk or verbatim string; of a streamed one, of all its parts. Default 512 MiB, the servers' own bound. */
  readonly bulkBytes: number
  /** Elements announced by one aggregate, or come for a streamed one; a map's pair counts once. Default 2^26. */
  readonly elements: number
  /** Bytes of a simple string, double or big number. Default 64 KiB. */
  readonly lineBytes: number
  /** Bytes of an error, simple or bulk. Default 64 KiB. */
  readonly errorBytes: number
}

export const defaultLimits: Limits = Object.freeze({
  depth: 128,
  bulkBytes: 512 * 1024 * 1024,
  elements: 2 ** 26,
  lineBytes: 64 * 1024,
  errorBytes: 64 * 1024,
})

/** How long a line of that type may be: one that ends in CR LF, without a length before it. */
export function lineLimit(type: number, limits: Limits): number {
  return type === SIMPLE_ERROR ? limits.errorBytes : limits.lineBytes
}

/**
 * The default limits with some of them replaced.
 *
 * @throws TypeError naming a limit that doesn't exist or isn't a positive integer
 */
export function limitsWith(changes: Partial<Limits>): Limits {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(defaultLimits, name)) throw new TypeError(`There is no limit named ${JSON.stringify(name)}`)
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new TypeError(`The limit ${name} must be a positive integer, not ${String(value)}`)
    }
  }
  return { ...defaultLimits, ...changes }
}
