import {
  ATTRIBUTE,
  BULK_ERROR,
  BULK_STRING,
  CR,
  formOfType,
  HAS_INTEGER,
  HAS_LENGTH,
  HAS_LINE,
  INTEGER,
  LF,
  MINUS,
  NOT_A_TYPE,
  PUSH,
  SIMPLE_ERROR,
  STREAM_END,
  VERBATIM_STRING,
  ZERO,
} from './bytes.js'
import { copyBytes } from './copy.js'
import { type Limits, limitsWith, lineLimit } from './limits.js'
import { endOfLine, parseLine } from './lines.js'
import { Names } from './names.js'
import { AS_BUFFER, AS_KEY, AS_NAME, AS_TEXT, Nesting } from './nesting.js'
import { exactDigits } from './numbers.js'
import { Source } from './source.js'
import { ChunkText, decodeLatin1 } from './text.js'
import { ENDS_STREAM, OPENS_AGGREGATE, Token } from './token.js'
import { type DecodeMode, ErrorReply, type Reply, textMode } from './types.js'

/**
 * Longer strings are left to Token, because the runtime may not be able to hold them: see `Token.#textOf`. For these, it is as
 * fast.
 */
const longestPlain = 1024 * 1024

/**
 * Receives decoded values. Its methods must not throw. If one does, `decode` throws too, and the decoder can't be used
 * any more.
 */
export interface ReplyHandler {
  /** How to decode the next reply. Called at the first byte of a reply, but not for pushes or attributes. */
  modeOfNext(): DecodeMode
  onReply(value: Reply): void
  /** Receives a RESP3 push, which is not a reply to a command. */
  onPush(elements: Reply[]): void
}

export interface DecoderOptions {
  /** How to decode the elements of pushes; default: `textMode`. */
  readonly pushMode?: DecodeMode
}

/** RESP3 attributes, decoded in text mode. */
export type Attributes = { readonly [key: string]: Reply }

/**
 * Decodes RESP2 and RESP3 incrementally.
 *
 * Pass it the chunks of a stream in order; they may be split anywhere. Each reply or push goes to the handler when it
 * is complete. If the bytes are not RESP, or exceed a limit, the decoder throws, and throws at every later call. RESP
 * specification.
 *
 * @example
 * import { Decoder, textMode } from 'respite/protocol'
 * const decoder = new Decoder({ modeOfNext: () => textMode, onReply: console.log, onPush: console.log })
 * decoder.decode(Buffer.from('$5\r\nhel'))
 * decoder.decode(Buffer.from('lo\r\n')) // logs: hello
 */
export class Decoder {
  readonly #handler: ReplyHandler
  readonly #limits: Limits
  readonly #longestPlain: number
  readonly #pushMode: DecodeMode
  readonly #source = new Source()
  readonly #text = new ChunkText()
  readonly #textOf = (_: Buffer, start: number, stop: number) => this.#text.slice(start, stop)
  readonly #keys = new Names(this.#textOf)
  readonly #names = new Names(decodeLatin1)
  readonly #token: Token
  readonly #nesting: Nesting

  /** Type byte of the current, incomplete reply; 0 between replies, and inside pushes and attributes. */
  #replyType = 0
  #nestedErrors = false
  #attributes: Attributes | undefined
  #isDecoding = false
  /** Length of the payload that `#findPayload` found last. */
  #payloadBytes = 0

  /**
   * @param handler receives replies and pushes
   * @param limits replacements for the default limits: see {@link Limits}
   * @throws TypeError that names a limit that does not exist or is not a positive integer
   */
  constructor(handler: ReplyHandler, limits: Partial<Limits> = {}, options: DecoderOptions = {}) {
    this.#handler = handler
    this.#limits = limitsWith(limits)
    this.#longestPlain = Math.min(this.#limits.bulkBytes, longestPlain)
    this.#pushMode = options.pushMode ?? textMode
    this.#token = new Token(this.#limits, this.#source)
    this.#nesting = new Nesting(this.#limits, this.#source)
  }

  /** Whether a part of a reply has been decoded, but not all of it. Pushes and attributes do not count. */
  get isMidReply(): boolean {
    return this.#replyType !== 0
  }

  /** The type byte of the incomplete reply (`-` and `!` begin errors). Only meaningful while `isMidReply`. */
  get midReplyType(): number {
    return this.#replyType
  }

  /** During `onReply`: whether the reply contains an ErrorReply below its top level. */
  get nestedErrors(): boolean {
    return this.#nestedErrors
  }

  /**
   * During `onReply` and `onPush`: the attributes before the value, or undefined. If there are several,
   * the last one. Attributes of elements inside a reply are checked and dropped.
   */
  get attributes(): Attributes | undefined {
    return this.#attributes
  }

  /** Bytes of the stream in the chunks decoded so far. */
  get offset(): number {
    return this.#source.base
  }

  /**
   * Decodes the next chunk of the stream. The chunk may be reused afterwards, because nothing keeps a view of it.
   *
   * @throws DecodeError if the bytes are not RESP or exceed a limit; the same error at every later call
   */
  decode(chunk: Buffer): void {
    if (this.#source.failure !== undefined) throw this.#source.failure
    // The flag is still set if a handler threw. In that case, the position in the stream is lost.
    if (this.#isDecoding) throw new Error('the handler of the decoder threw, or called decode')
    this.#isDecoding = true
    this.#source.open(chunk)
    this.#text.open(chunk)
    try {
      this.#decode(chunk)
    } finally {
      this.#text.close()
      this.#source.close()
    }
    this.#isDecoding = false
  }

  /**
   * Memory to read the next bytes of the stream into, if they belong to a large payload; otherwise undefined. After
   * reading into it, call `filled` instead of `decode`. Using it is optional.
   */
  wanted(): Buffer | undefined {
    return this.#source.failure === undefined && !this.#isDecoding ? this.#token.wanted() : undefined
  }

  /** Reports that `bytes` bytes of the stream were read into the memory that `wanted` returned last. */
  filled(bytes: number): void {
    this.#token.filled(bytes)
    this.#source.advance(bytes)
  }

  // The methods from here to #findPayload are the hot path. They decode tokens that are complete in the chunk and
  // valid, in a quarter of the time that Token takes. All other tokens are left to Token, which continues at the byte
  // where these methods stopped.
  #decode(chunk: Buffer): void {
    const end = chunk.length
    const nesting = this.#nesting
    let at = this.#token.isUnderWay ? this.#readToken(chunk, 0) : 0
    while (at < end) {
      const type = chunk[at] as number
      if (type === BULK_STRING) {
        at = this.#decodeStrings(chunk, at, end)
        continue
      }
      const form = formOfType[type] as number
      this.#source.beginToken(at)
      if (nesting.depth === 0) this.#begin(type, form, at)
      else if (form === NOT_A_TYPE || type === PUSH) throw this.#source.errorAt(at, 'not the start of a value')
      at = form === HAS_LINE ? this.#decodeLine(type, chunk, at, end) : this.#decodeNumber(type, form, chunk, at, end)
    }
  }

  #decodeLine(type: number, chunk: Buffer, at: number, end: number): number {
    const start = at + 1
    const stop = endOfLine(chunk, start, Math.min(end, start + Math.min(lineLimit(type, this.#limits), longestPlain)))
    if (stop + 1 < end && chunk[stop] === CR && chunk[stop + 1] === LF && type !== STREAM_END) {
      const value = parseLine(type, chunk, start, stop, this.#textOf)
      if (value !== undefined) {
        if (type === SIMPLE_ERROR) this.#noteError()
        this.#complete(value)
        return stop + 2
      }
    }
    this.#beginToken(type, HAS_LINE)
    this.#token.continueLine(chunk, start, stop)
    return this.#readToken(chunk, stop)
  }

  #decodeNumber(type: number, form: number, chunk: Buffer, at: number, end: number): number {
    const sign = form === HAS_INTEGER && at + 1 < end && chunk[at + 1] === MINUS ? MINUS : 0
    const first = sign === 0 ? at + 1 : at + 2
    const bound = Math.min(end, first + exactDigits)
    let next = first
    let number = 0
    while (next < bound) {
      const digit = (chunk[next] as number) - ZERO
      if (digit < 0 || digit > 9) break
      number = number * 10 + digit
      next++
    }
    if (
      next > first &&
      next + 1 < end &&
      chunk[next] === CR &&
      chunk[next + 1] === LF &&
      (chunk[first] !== ZERO || next === first + 1)
    ) {
      if (type === INTEGER) {
        this.#complete(sign === 0 ? number : 0 - number)
        return next + 2
      }
      if (type !== VERBATIM_STRING && type !== BULK_ERROR) {
        if (this.#nesting.open(type, number)) this.#handOut()
        return next + 2
      }
    }
    this.#beginToken(type, form)
    this.#token.continueNumber(sign, next - first, number)
    return this.#readToken(chunk, next)
  }

  // Decodes consecutive bulk strings that are complete in the chunk. Servers send mostly bulk strings, so a separate
  // loop saves a third of the time.
  #decodeStrings(chunk: Buffer, from: number, end: number): number {
    const nesting = this.#nesting
    const text = this.#text
    let at = from
    do {
      if (nesting.depth === 0) {
        this.#replyType = BULK_STRING
        this.#nestedErrors = false
        nesting.begin(this.#handler.modeOfNext())
      } else if (nesting.textsLeft > 1) {
        at = this.#decodeTexts(chunk, at, end)
        if (at >= end || chunk[at] !== BULK_STRING) return at
      }
      const start = this.#findPayload(chunk, at, end)
      if (start === 0) {
        this.#source.beginToken(at)
        this.#beginToken(BULK_STRING, HAS_LENGTH)
        return this.#readToken(chunk, at + 1)
      }
      const stop = start + this.#payloadBytes
      const form = nesting.formOfString
      let value: Reply
      if (form === AS_TEXT) value = text.slice(start, stop)
      else if (form === AS_BUFFER) value = copyBytes(chunk, start, stop)
      else if (form === AS_KEY) value = this.#keys.get(chunk, start, stop)
      else value = this.#names.get(chunk, start, stop)
      if (nesting.depth === 0) this.#handOutReply(value)
      else if (nesting.add(value, at)) this.#handOut()
      at = stop + 2
    } while (at < end && chunk[at] === BULK_STRING)
    return at
  }

  // Decodes the strings of a list of text, except the last one, which completes the list. None of these strings can
  // complete an aggregate, so that check is skipped. This saves a tenth to a quarter of the time for lists, depending
  // on the length of the strings.
  #decodeTexts(chunk: Buffer, from: number, end: number): number {
    const text = this.#text
    const items = this.#nesting.items
    const room = this.#nesting.textsLeft - 1
    let count = 0
    let at = from
    while (count < room && at < end && chunk[at] === BULK_STRING) {
      const start = this.#findPayload(chunk, at, end)
      if (start === 0) break
      const stop = start + this.#payloadBytes
      items.push(text.slice(start, stop))
      count++
      at = stop + 2
    }
    this.#nesting.noteAdded(count)
    return at
  }

  /**
   * Finds the payload of a bulk string, and sets `#payloadBytes` to its length.
   * @param at position of its type byte
   * @returns where the payload begins, or 0 if the bulk string is not complete in the chunk or not valid
   */
  #findPayload(chunk: Buffer, at: number, end: number): number {
    const first = at + 1
    const bound = Math.min(end, first + exactDigits)
    let next = first
    let length = 0
    while (next < bound) {
      const digit = (chunk[next] as number) - ZERO
      if (digit < 0 || digit > 9) break
      length = length * 10 + digit
      next++
    }
    const start = next + 2
    const stop = start + length
    if (
      next === first ||
      stop + 1 >= end ||
      chunk[next] !== CR ||
      chunk[next + 1] !== LF ||
      chunk[stop] !== CR ||
      chunk[stop + 1] !== LF ||
      length > this.#longestPlain ||
      (chunk[first] === ZERO && next !== first + 1)
    ) {
      return 0
    }
    this.#payloadBytes = length
    return start
  }

  /** Called at the first byte of a value outside all aggregates. */
  #begin(type: number, form: number, at: number): void {
    if (form === NOT_A_TYPE || type === STREAM_END) throw this.#source.errorAt(at, 'not the start of a value')
    if (type === PUSH) this.#nesting.begin(this.#pushMode)
    else if (type !== ATTRIBUTE) {
      this.#replyType = type
      this.#nestedErrors = false
      this.#nesting.begin(this.#handler.modeOfNext())
    }
  }

  #beginToken(type: number, form: number): void {
    // `formOfString` must only be read for strings. In a published message, the getter sets the mode for the rest of the
    // message when it is first read after the two names.
    const isString = type === BULK_STRING || type === VERBATIM_STRING
    const formOfString = isString ? this.#nesting.formOfString : AS_TEXT
    this.#token.begin(type, form, formOfString === AS_BUFFER, formOfString === AS_NAME)
  }

  #readToken(chunk: Buffer, from: number): number {
    const token = this.#token
    const at = token.read(chunk, from)
    if (token.isUnderWay) return at
    if (token.outcome === OPENS_AGGREGATE) {
      if (this.#nesting.open(token.type, token.count)) this.#handOut()
    } else if (token.outcome === ENDS_STREAM) {
      if (this.#nesting.endStream()) this.#handOut()
    } else {
      const value = token.takeValue()
      if (value instanceof ErrorReply) this.#noteError()
      this.#complete(value)
    }
    return at
  }

  #noteError(): void {
    if (this.#nesting.depth > 0 && !this.#nesting.isInAttribute) this.#nestedErrors = true
  }

  #complete(value: Reply): void {
    if (this.#nesting.depth === 0) this.#handOutReply(value)
    else if (this.#nesting.add(value, this.#source.tokenAt)) this.#handOut()
  }

  /** Called when the outermost aggregate is complete. */
  #handOut(): void {
    const value = this.#nesting.takeResult()
    switch (this.#nesting.resultType) {
      case ATTRIBUTE:
        // The specification allows one before a value. Only the last is kept, so that many take no memory.
        this.#attributes = value as Attributes // attributes are built as plain objects
        return
      case PUSH:
        this.#handler.onPush(value as Reply[]) // pushes are built as arrays
        this.#attributes = undefined
        return
      default:
        this.#handOutReply(value)
    }
  }

  #handOutReply(value: Reply): void {
    this.#replyType = 0
    this.#handler.onReply(value)
    this.#attributes = undefined
  }
}
