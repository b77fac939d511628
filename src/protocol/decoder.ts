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

/** Where decoded values go. No method of it may throw: the exception would pass through `decode`, and the decoder be lost. */
export interface ReplyHandler {
  /** How the reply that begins now is to be decoded: asked at its first byte; not for pushes, nor for attributes. */
  modeOfNext(): DecodeMode
  onReply(value: Reply): void
  /** A RESP3 push, out of band: it answers no command. */
  onPush(elements: Reply[]): void
}

export interface DecoderOptions {
  /** How the elements of pushes are decoded. Default: text. */
  readonly pushMode?: DecodeMode
}

/** What came as attributes, in text mode. */
export type Attributes = { readonly [key: string]: Reply }

/**
 * RESP2 and RESP3 bytes to values, incrementally.
 *
 * Give it the chunks of a stream in order, cut anywhere; whole replies and pushes go to the handler as they are completed.
 * On bytes that are not RESP, or pass a limit, it throws, and refuses everything from then on.
 *
 * @example
 * const decoder = new Decoder({ modeOfNext: () => textMode, onReply: console.log, onPush: console.log })
 * decoder.decode(Buffer.from('$5\r\nhel'))
 * decoder.decode(Buffer.from('lo\r\n')) // logs: hello
 */
export class Decoder {
  readonly #handler: ReplyHandler
  readonly #limits: Limits
  readonly #pushMode: DecodeMode
  readonly #source = new Source()
  readonly #text = new ChunkText()
  readonly #textOf = (_: Buffer, start: number, stop: number) => this.#text.slice(start, stop)
  readonly #keys = new Names(this.#textOf)
  readonly #names = new Names(decodeLatin1)
  readonly #token: Token
  readonly #nesting: Nesting

  /** Type byte of the reply under way; 0 between replies, and within pushes and attributes. */
  #replyType = 0
  #nestedErrors = false
  #attributes: Attributes | undefined
  #isDecoding = false
  /** Of the bulk string found last. */
  #payloadBytes = 0

  /** @throws TypeError when a limit doesn't exist or isn't a positive integer */
  constructor(handler: ReplyHandler, limits: Partial<Limits> = {}, options: DecoderOptions = {}) {
    this.#handler = handler
    this.#limits = limitsWith(limits)
    this.#pushMode = options.pushMode ?? textMode
    this.#token = new Token(this.#limits, this.#source)
    this.#nesting = new Nesting(this.#limits, this.#source)
  }

  /** True when a part of a reply has been seen, and not all of it. Pushes and attributes don't count. */
  get isMidReply(): boolean {
    return this.#replyType !== 0
  }

  /** The type byte of the reply under way (`-` and `!` begin errors). Only meaningful while `isMidReply`. */
  get midReplyType(): number {
    return this.#replyType
  }

  /** Within `onReply`: whether there is an ErrorReply somewhere below the reply's top level. */
  get nestedErrors(): boolean {
    return this.#nestedErrors
  }

  /**
   * Within `onReply` and `onPush`: the attributes that came before the value, or undefined. Attributes of elements within a
   * reply are checked and dropped: there is no place for them.
   */
  get attributes(): Attributes | undefined {
    return this.#attributes
  }

  /** Bytes of the stream decoded so far, in whole chunks. */
  get offset(): number {
    return this.#source.base
  }

  /**
   * Decodes the next chunk of the stream. The chunk is only borrowed: nothing keeps a view of it.
   *
   * @throws DecodeError when the bytes are not RESP or pass a limit; the same one at every call after that
   */
  decode(chunk: Buffer): void {
    if (this.#source.failure !== undefined) throw this.#source.failure
    // Still set when a handler threw: the place in the stream was lost with that.
    if (this.#isDecoding) throw new Error('The decoder was left within a chunk: its handler threw, or called it')
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
   * Memory that the next bytes of the stream can be read into directly, when they belong to a large payload; else undefined.
   * After reading so, call `filled` instead of `decode`; or ignore it and go on with `decode`.
   */
  wanted(): Buffer | undefined {
    return this.#source.failure === undefined && !this.#isDecoding ? this.#token.wanted() : undefined
  }

  /** So many bytes of the stream have been read into the memory that `wanted` gave last. */
  filled(bytes: number): void {
    this.#token.filled(bytes)
    this.#source.advance(bytes)
  }

  // The methods from here to #findPayload are the hot path. What is whole in the chunk and right, they read themselves, in a
  // quarter of the time that Token takes; all else they hand to Token, which goes on from the byte where they stopped.
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
      else if (form === NOT_A_TYPE || type === PUSH) throw this.#source.errorAt(at, 'no value begins with this byte')
      at = form === HAS_LINE ? this.#decodeLine(type, chunk, at, end) : this.#decodeNumber(type, form, chunk, at, end)
    }
  }

  #decodeLine(type: number, chunk: Buffer, at: number, end: number): number {
    const start = at + 1
    const stop = endOfLine(chunk, start, Math.min(end, start + lineLimit(type, this.#limits)))
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

  // Bulk strings that are whole in the chunk, as many as follow one another. They are most of what servers send: a loop
  // of their own takes a third off their time.
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

  // Those of a list of texts, but for its last, which completes it: nothing need be asked for each of them. A tenth to a
  // quarter off the time of lists, by the length of the texts.
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
   * @returns where the payload of the bulk string begins whose type byte is given, when it is whole in the chunk and right;
   *   `#payloadBytes` is its length then. Else 0
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
      length > this.#limits.bulkBytes ||
      (chunk[first] === ZERO && next !== first + 1)
    ) {
      return 0
    }
    this.#payloadBytes = length
    return start
  }

  /** At the first byte of what stands outside all aggregates. */
  #begin(type: number, form: number, at: number): void {
    if (form === NOT_A_TYPE || type === STREAM_END) throw this.#source.errorAt(at, 'no value begins with this byte')
    if (type === PUSH) this.#nesting.begin(this.#pushMode)
    else if (type !== ATTRIBUTE) {
      this.#replyType = type
      this.#nestedErrors = false
      this.#nesting.begin(this.#handler.modeOfNext())
    }
  }

  #beginToken(type: number, form: number): void {
    // Only of strings is it asked what they become: the answer for a message depends on its names, and is kept for the rest.
    const isString = type === BULK_STRING || type === VERBATIM_STRING
    const formOfString = isString ? this.#nesting.formOfString : AS_TEXT
    this.#token.begin(type, form, formOfString === AS_BUFFER || formOfString === AS_NAME)
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
      const isName = value instanceof Buffer && this.#nesting.formOfString === AS_NAME
      this.#complete(isName ? decodeLatin1(value, 0, value.length) : value)
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

  /** The outermost aggregate is complete. */
  #handOut(): void {
    const value = this.#nesting.takeResult()
    switch (this.#nesting.resultType) {
      case ATTRIBUTE:
        this.#attributes = { ...this.#attributes, ...(value as Attributes) } // they are built as plain objects
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
