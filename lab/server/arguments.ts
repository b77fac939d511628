import type { ServerReply } from './reply.js'
import { errors } from './reply.js'

const leastInteger = -(2n ** 63n)
const greatestInteger = 2n ** 63n - 1n

/** Thrown for an invalid argument. It contains the error reply. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError'
  readonly reply: ServerReply

  constructor(reply: ServerReply) {
    super('an argument could not be read')
    this.reply = reply
  }
}

/** An argument that must be there by the arity of the command. */
export function at(args: readonly Buffer[], index: number): Buffer {
  const arg = args[index]
  if (arg === undefined) throw new ArgumentError(errors.syntax)
  return arg
}

/** Bytes as a key of a Map: one character for each byte. */
export const keyOf = (bytes: Buffer): string => bytes.toString('latin1')

/** The bytes of a key of a Map. */
export const bytesOf = (key: string): Buffer => Buffer.from(key, 'latin1')

/** The name of an option or subcommand, in upper case. */
export const wordOf = (bytes: Buffer): string => bytes.toString('latin1').toUpperCase()

/** A 64-bit integer as servers accept it: no plus sign, no leading zero, no space. */
export function integerOf(bytes: Buffer): bigint {
  const text = bytes.toString('latin1')
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) throw new ArgumentError(errors.notAnInteger)
  const value = BigInt(text)
  if (isOutOfRange(value)) throw new ArgumentError(errors.notAnInteger)
  return value
}

/** Whether a sum does not fit into the 64 bits of a server's integers. */
export const isOutOfRange = (value: bigint): boolean => value < leastInteger || value > greatestInteger

/** A position in a list, or a count. No list has 2^53 elements, so a number is precise enough. */
export const indexOf = (bytes: Buffer): number => Number(integerOf(bytes))

/** A score: a decimal number, or plus or minus infinity. */
export function scoreOf(bytes: Buffer): number {
  const text = bytes.toString('latin1')
  const infinity = /^([+-]?)inf(inity)?$/i.exec(text)
  if (infinity !== null) return infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new ArgumentError(errors.notAFloat)
  return Number(text)
}

/** The first position of a range, and the one after its last; negative positions count from the end. */
export function sliceOf(length: number, start: number, stop: number): readonly [from: number, to: number] {
  const from = start < 0 ? Math.max(0, length + start) : start
  const to = stop < 0 ? length + stop : Math.min(stop, length - 1)
  return [from, Math.max(from, to + 1)]
}

/** Splits a list into pairs; undefined if the number of elements is odd. */
export function pairsOf(args: readonly Buffer[]): (readonly [Buffer, Buffer])[] | undefined {
  if (args.length % 2 !== 0) return undefined
  return Array.from({ length: args.length / 2 }, (_, i) => [at(args, i * 2), at(args, i * 2 + 1)] as const)
}
