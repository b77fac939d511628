import { Assembly } from './assembly.js'
import { Buffer } from './buffer.js'
import {
  ARRAY,
  ATTRIBUTE,
  BULK_ERROR,
  BULK_STRING,
  CR,
  HAS_INTEGER,
  HAS_LENGTH,
  LF,
  MAP,
  MINUS,
  PLUS,
  PUSH,
  QUESTION_MARK,
  SET,
  STREAM_END,
  STRING_PART,
  VERBATIM_STRING,
  ZERO,
} from './bytes.js'
import { type Limits, lineLimit } from './limits.js'
import { endOfLine, nameOfLine, parseLine } from './lines.js'
import { STREAMED } from './nesting.js'
import { exactDigits, integerDigits, longInteger } from './numbers.js'
import { parsePayload } from './payload.js'
import type { Source } from './source.js'
import { decodeLatin1, decodeText } from './text.js'
import type { Reply } from './types.js'

// What a completed token is.
export const IS_VALUE = 0
export const OPENS_AGGREGATE = 1
export const ENDS_STREAM = 2
export type Outcome = typeof IS_VALUE | typeof OPENS_AGGREGATE | typeof ENDS_STREAM

// What the next byte is. A chunk may end in any phase; the next chunk continues there.
const IDLE = 0
const IN_LENGTH = 1
const IN_INTEGER = 2
const IN_LINE = 3
const AT_LF = 4
const IN_PAYLOAD = 5
const AT_PAYLOAD_CR = 6
const AT_PAYLOAD_LF = 7
const AT_PART = 8

/** If fewer bytes than this remain, copying them costs less than a separate system call. */
const directBytes = 64 * 1024

const noBytes = Buffer.alloc(0)

/**
 * One token of the stream: a value, or the header of an aggregate. A token is checked completely, and may arrive in any
 * number of pieces.
 *
 * The fields hold what was read so far, so that no byte is read twice.
 */
export class Token {
  readonly #limits: Limits
  readonly #source: Source
  readonly #assembly = new Assembly()

  #phase = IDLE
  #type = 0
  #asBuffer = false
  #decode = decodeText
  #outcome: Outcome = IS_VALUE
  #value: Reply = null
  /** For a number: its sign byte or 0, the number of digits, the first 15 digits, and the remaining ones. */
  #sign = 0
  #digits = 0
  #number = 0
  #tail = 0
  /** Bytes of the payload still to come. */
  #left = 0
  /** Whether the assembly holds a part of the line or payload. */
  #isAssembling = false

  constructor(limits: Limits, source: Source) {
    this.#limits = limits
    this.#source = source
  }

  /** Whether a token has begun and is not complete. */
  get isUnderWay(): boolean {
    return this.#phase !== IDLE
  }

  get type(): number {
    return this.#type
  }

  get outcome(): Outcome {
    return this.#outcome
  }

  /** The number of elements in the header of an aggregate, or STREAMED. */
  get count(): number {
    return this.#sign === QUESTION_MARK ? STREAMED : this.#number
  }

  /** Returns the value and forgets it. */
  takeValue(): Reply {
    const value = this.#value
    this.#value = null
    return value
  }

  /**
   * Begins a token, after its type byte.
   * @param asBuffer whether to decode a string with a length to a Buffer
   * @param isName whether to decode it as Latin-1
   */
  begin(type: number, form: number, asBuffer: boolean, isName: boolean): void {
    this.#type = type
    this.#asBuffer = asBuffer
    this.#decode = isName ? decodeLatin1 : decodeText
    this.#outcome = IS_VALUE
    this.#isAssembling = false
    this.#beginNumber(form === HAS_LENGTH ? IN_LENGTH : form === HAS_INTEGER ? IN_INTEGER : IN_LINE)
  }

  /** Sets the part of the token's number that was read before: the sign and up to 15 digits. */
  continueNumber(sign: number, digits: number, number: number): void {
    this.#sign = sign
    this.#digits = digits
    this.#number = number
  }

  /** Adds the part of the token's line that was read before. */
  continueLine(chunk: Buffer, start: number, stop: number): void {
    if (stop > start) this.#assemble(chunk, start, stop, 0)
  }

  /**
   * Continues reading.
   * @returns the position after the token if it is complete (see `outcome`), otherwise the end of the chunk
   */
  read(chunk: Buffer, from: number): number {
    const end = chunk.length
    let at = from
    while (at < end) {
      switch (this.#phase) {
        case IN_LENGTH:
          at = this.#readLength(chunk, at, end)
          break
        case IN_INTEGER:
          at = this.#readInteger(chunk, at, end)
          break
        case IN_LINE:
          at = this.#readLine(chunk, at, end)
          break
        case IN_PAYLOAD:
          at = this.#readPayload(chunk, at, end)
          break
        case AT_PAYLOAD_CR:
          this.#expect(CR, chunk, at++, 'expected CR LF after the payload')
          this.#phase = AT_PAYLOAD_LF
          break
        case AT_PAYLOAD_LF:
          this.#expect(LF, chunk, at++, 'expected LF after CR')
          this.#phase = this.#type === STRING_PART ? AT_PART : IDLE
          break
        case AT_PART:
          this.#expect(STRING_PART, chunk, at++, 'expected the next part of a streamed string')
          this.#type = STRING_PART
          this.#beginNumber(IN_LENGTH)
          break
        case AT_LF:
          this.#expect(LF, chunk, at++, 'expected LF after CR')
          this.#phase = this.#phaseAfterLine()
          break
      }
      if (this.#phase === IDLE) return at
    }
    return at
  }

  /** Memory for the rest of a large payload, or a part of it; undefined if reading into it would gain nothing. */
  wanted(): Buffer | undefined {
    if (this.#phase !== IN_PAYLOAD || this.#left < directBytes || this.#type === STRING_PART) return undefined
    if (!this.#isAssembling) this.#assemble(noBytes, 0, 0, this.#left)
    return this.#assembly.room()?.subarray(0, this.#left)
  }

  /** Reports that `bytes` bytes were read into the memory that `wanted` returned last. */
  filled(bytes: number): void {
    this.#assembly.advance(bytes)
    this.#left -= bytes
    if (this.#left === 0) this.#endPayload()
  }

  #beginNumber(phase: number): void {
    this.#phase = phase
    this.#sign = 0
    this.#digits = 0
    this.#number = 0
    this.#tail = 0
  }

  #expect(byte: number, chunk: Buffer, at: number, reason: string): void {
    if (chunk[at] !== byte) throw this.#source.errorAt(at, reason)
  }

  #readLength(chunk: Buffer, from: number, end: number): number {
    for (let at = from; at < end; at++) {
      const byte = chunk[at] as number
      const digit = byte - ZERO
      if (digit >= 0 && digit <= 9 && this.#sign !== QUESTION_MARK) {
        this.#number = this.#number * 10 + digit
        if (++this.#digits > exactDigits) throw this.#source.errorInToken('length out of range')
      } else if (byte === CR) {
        this.#checkLength(at)
        this.#phase = AT_LF
        return at + 1
      } else if (this.#digits === 0 && this.#sign === 0 && (byte === MINUS || byte === QUESTION_MARK)) {
        this.#sign = byte
      } else throw this.#source.errorAt(at, 'expected a digit or CR')
    }
    return end
  }

  #checkLength(at: number): void {
    const type = this.#type
    if (this.#sign === QUESTION_MARK) {
      if (type === VERBATIM_STRING || type === BULK_ERROR || type === STRING_PART) {
        throw this.#source.errorInToken('streamed length not allowed for this type')
      }
      return
    }
    this.#checkDigits(at)
    const length = this.#number
    if (this.#sign === MINUS) {
      if (length !== 1 || (type !== BULK_STRING && type !== ARRAY)) throw this.#source.errorInToken('negative length')
      this.#value = null // the null of RESP2
      return
    }
    if (type === BULK_ERROR) this.#checkBytes(length, this.#limits.errorBytes, 'error')
    else if (type === STRING_PART) this.#checkBytes(this.#assembly.received + length, this.#limits.bulkBytes, 'string')
    else if (type === BULK_STRING || type === VERBATIM_STRING)
      this.#checkBytes(length, this.#limits.bulkBytes, 'string')
  }

  #checkBytes(bytes: number, limit: number, what: string): void {
    if (bytes > limit) throw this.#source.errorBeyondLimit(`${what} longer than ${limit} bytes`)
  }

  #checkDigits(at: number): void {
    if (this.#digits === 0) throw this.#source.errorAt(at, 'expected a digit')
    if (this.#digits > 1 && this.#number < 10 ** (Math.min(this.#digits, exactDigits) - 1)) {
      throw this.#source.errorInToken('number with a leading zero')
    }
  }

  #readInteger(chunk: Buffer, from: number, end: number): number {
    for (let at = from; at < end; at++) {
      const byte = chunk[at] as number
      const digit = byte - ZERO
      if (digit >= 0 && digit <= 9) {
        if (this.#digits < exactDigits) this.#number = this.#number * 10 + digit
        else this.#tail = this.#tail * 10 + digit
        if (++this.#digits > integerDigits) throw this.#source.errorInToken('integer beyond 64 bits')
      } else if (byte === CR) {
        this.#checkDigits(at)
        this.#value = this.#integer()
        this.#phase = AT_LF
        return at + 1
      } else if (this.#digits === 0 && this.#sign === 0 && (byte === MINUS || byte === PLUS)) this.#sign = byte
      else throw this.#source.errorAt(at, 'expected a digit or CR')
    }
    return end
  }

  #integer(): number | bigint {
    const negative = this.#sign === MINUS
    if (this.#digits <= exactDigits) return negative ? 0 - this.#number : this.#number
    const value = longInteger(this.#number, this.#tail, this.#digits - exactDigits, negative)
    if (value === undefined) throw this.#source.errorInToken('integer beyond 64 bits')
    return value
  }

  #readLine(chunk: Buffer, from: number, end: number): number {
    const limit = lineLimit(this.#type, this.#limits)
    const room = limit - (this.#isAssembling ? this.#assembly.received : 0)
    const bound = Math.min(end, from + room + 1)
    const stop = endOfLine(chunk, from, bound)
    if (stop - from > room) throw this.#source.errorBeyondLimit(`line longer than ${limit} bytes`)
    if (stop === end) {
      this.#assemble(chunk, from, stop, 0)
      return stop
    }
    if (chunk[stop] === LF) throw this.#source.errorAt(stop, 'LF without CR')
    this.#value = this.#lineValue(chunk, from, stop)
    this.#phase = AT_LF
    return stop + 1
  }

  #lineValue(chunk: Buffer, from: number, stop: number): Reply {
    let bytes = chunk
    let start = from
    let end = stop
    if (this.#isAssembling) {
      this.#assembly.append(chunk, from, stop)
      bytes = this.#assembly.take()
      start = 0
      end = bytes.length
    }
    const value = parseLine(this.#type, bytes, start, end, this.#textOf)
    if (value === undefined) throw this.#source.errorInToken(`not ${nameOfLine(this.#type)}`)
    return value
  }

  #phaseAfterLine(): number {
    // The token is a null, or a negative integer.
    if (this.#sign === MINUS) return IDLE
    switch (this.#type) {
      case BULK_STRING:
      case VERBATIM_STRING:
      case BULK_ERROR:
        return this.#sign === QUESTION_MARK ? this.#beginParts() : this.#beginPayload()
      case STRING_PART:
        if (this.#number > 0) return this.#beginPayload()
        this.#setAssembled()
        break
      case ARRAY:
      case MAP:
      case SET:
      case ATTRIBUTE:
      case PUSH:
        this.#outcome = OPENS_AGGREGATE
        break
      case STREAM_END:
        this.#outcome = ENDS_STREAM
    }
    return IDLE
  }

  #beginPayload(): number {
    this.#left = this.#number
    return IN_PAYLOAD
  }

  #beginParts(): number {
    this.#assembly.begin(0)
    this.#isAssembling = true
    return AT_PART
  }

  #readPayload(chunk: Buffer, from: number, end: number): number {
    const stop = Math.min(end, from + this.#left)
    const isLast = stop - from === this.#left
    this.#left -= stop - from
    if (isLast && !this.#isAssembling) {
      this.#setPayload(chunk, from, stop, false)
      this.#phase = AT_PAYLOAD_CR
      return stop
    }
    this.#assemble(chunk, from, stop, this.#left + stop - from)
    if (isLast) this.#endPayload()
    return stop
  }

  /** Called when the payload, or a part of a streamed one, has been collected. */
  #endPayload(): void {
    this.#phase = AT_PAYLOAD_CR
    if (this.#type !== STRING_PART) this.#setAssembled()
  }

  #setAssembled(): void {
    const bytes = this.#assembly.take()
    this.#setPayload(bytes, 0, bytes.length, true)
  }

  #setPayload(bytes: Buffer, start: number, stop: number, isOwn: boolean): void {
    const value = parsePayload(this.#type, bytes, start, stop, this.#asBuffer, isOwn, this.#textOf)
    if (value === undefined) throw this.#source.errorInToken('verbatim string without its format')
    this.#value = value
  }

  #assemble(chunk: Buffer, start: number, stop: number, announced: number): void {
    if (!this.#isAssembling) {
      this.#assembly.begin(announced)
      this.#isAssembling = true
    }
    this.#assembly.append(chunk, start, stop)
  }

  readonly #textOf = (bytes: Buffer, start: number, stop: number): string => {
    try {
      return this.#decode(bytes, start, stop)
    } catch (cause) {
      // In V8, strings are limited to slightly less than 512 MiB.
      throw this.#source.errorBeyondLimit('too large for JavaScript', { cause })
    }
  }
}
