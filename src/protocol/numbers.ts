import { MINUS, ZERO } from './bytes.js'
import { decodeLatin1 } from './text.js'

const DOT = 0x2e

/** Powers of ten that a double holds exactly. */
const exactPowers: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/** Integers with up to this many digits are exact as numbers. */
export const exactDigits = 15

/** Digits of the longest 64-bit integer. */
export const integerDigits = 19

const doubleForm = /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/
/**
 * What printf prints for NaN. It depends on the system: there may be a sign, and the bits of the NaN in parentheses.
 */
const nanForm = /^[+-]?nan(?:\(\w*\))?$/i
const bigNumberForm = /^[+-]?\d+$/

/** Parses the text of a RESP3 double; undefined if it is not valid. */
export function parseDouble(bytes: Buffer, start: number, stop: number): number | undefined {
  return parsePlainDouble(bytes, start, stop) ?? doubleOf(decodeLatin1(bytes, start, stop))
}

/**
 * Parses digits with at most one dot. Dividing two exact doubles rounds once, so the result is correctly rounded
 * (Clinger 1990): for up to 15 digits and 22 decimals, it is the number that the text denotes. This is several times
 * faster than converting the bytes to a string first.
 */
function parsePlainDouble(bytes: Buffer, start: number, stop: number): number | undefined {
  const negative = bytes[start] === MINUS
  const first = negative ? start + 1 : start
  if (stop - first > exactDigits + 1 || stop === first) return undefined
  let digits = 0
  let dot = -1
  for (let at = first; at < stop; at++) {
    const digit = (bytes[at] as number) - ZERO
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit
    else if (bytes[at] === DOT && dot < 0 && at > first) dot = at
    else return undefined
  }
  if (dot < 0 && stop - first > exactDigits) return undefined
  const value = dot < 0 ? digits : digits / (exactPowers[stop - dot - 1] as number)
  return negative ? -value : value
}

/** The number that a server's text denotes; undefined if it is not one. */
export function doubleOf(text: string): number | undefined {
  if (doubleForm.test(text)) return Number(text)
  if (text === 'inf' || text === '+inf') return Infinity
  if (text === '-inf') return -Infinity
  return nanForm.test(text) ? Number.NaN : undefined
}

/** Parses the text of a RESP3 big number; undefined if it is not valid. */
export function parseBigNumber(text: string): bigint | undefined {
  return bigNumberForm.test(text) ? BigInt(text) : undefined
}

/**
 * An integer of 16 to 19 digits: a number if that is exact, otherwise a bigint; undefined if it exceeds 64 bits.
 *
 * @param head its first 15 digits
 * @param tail the remaining `tailDigits` digits
 */
export function longInteger(
  head: number,
  tail: number,
  tailDigits: number,
  negative: boolean,
): number | bigint | undefined {
  const magnitude = BigInt(head) * 10n ** BigInt(tailDigits) + BigInt(tail)
  const value = negative ? -magnitude : magnitude
  if (BigInt.asIntN(64, value) !== value) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
