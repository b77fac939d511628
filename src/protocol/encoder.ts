import { checkArguments, checkText, numberText } from './arguments.js'
import { Buffer } from './buffer.js'
import { byteLengthOf, viewOf } from './byte-arrays.js'
import { ARRAY, BULK_STRING, CR, LF, ZERO } from './bytes.js'
import type { Argument } from './types.js'

/** Sizes of slabs: most pooled connections never need more than the first; the last has room for a whole write. */
const firstSlabBytes = 4 * 1024
const slabBytes = 64 * 1024
const lastSlabBytes = 192 * 1024

/** Room for the longest `$<length>\r\n` and the CR LF after the payload. */
const headerBytes = 24

/** Strings up to this length are written by a loop, which is faster there than a call into the runtime. */
const loopCharacters = 32

/** Writes text as UTF-8. It writes no part of a character for which there is no room. @returns the number of bytes */
type WriteText = (this: Buffer, text: string, at: number, room: number) => number

/** Where there is one, the method that `Buffer.write` calls internally. */
const writeUtf8 = (Buffer.prototype as { utf8Write?: WriteText }).utf8Write ?? (Buffer.prototype.write as WriteText)

/** Options of an {@link Encoder}. */
export interface EncoderOptions {
  /**
   * Byte arrays from this size, in bytes, are referenced instead of copied, and must not change until they are written;
   * default 4096.
   */
  readonly largeBytes?: number
}

/**
 * Encodes commands as RESP.
 *
 * It writes frames into slabs of memory. Each slab is filled from front to back, and begins again only after `reuse`, so
 * chunks that were taken do not change before:
 *
 *     slab   |taken, perhaps being written|appended, not yet taken|free                 |
 *                                         ^ #start                ^ #at
 *
 * RESP specification: sending commands to a server.
 */
export class Encoder {
  readonly #largeBytes: number
  #slab: Buffer = Buffer.alloc(0)
  #start = 0
  #at = 0
  /** Appended chunks, before the bytes that start at `#start` in the slab. */
  #chunks: Uint8Array[] = []
  #chunkBytes = 0
  #hasReferences = false
  /** Whether large byte arrays may be referenced; if false, they are copied too; default true. */
  mayReference = true
  /** The length when `mark` was called. */
  #marked = 0

  constructor(options: EncoderOptions = {}) {
    this.#largeBytes = options.largeBytes ?? 4 * 1024
  }

  /** Whether bytes not yet taken reference memory of the caller. */
  get hasReferences(): boolean {
    return this.#hasReferences
  }

  /** Number of bytes not yet taken. */
  get length(): number {
    return this.#chunkBytes + this.#at - this.#start
  }

  /**
   * Appends the frame of one command, which is an array of bulk strings. Strings are encoded as UTF-8, numbers and
   * bigints as decimal text (infinities as `inf` and `-inf`).
   *
   * @returns the frame's length in bytes
   * @throws TypeError like `checkArguments`, or for text with half of a surrogate pair. In both cases, nothing is
   *   appended
   */
  append(args: readonly Argument[]): number {
    checkArguments(args)
    const before = this.length
    try {
      this.appendChecked(args)
      return this.length - before
    } catch (error) {
      this.#truncate(before)
      throw error
    }
  }

  /**
   * Like `append`, for arguments that passed `checkArguments`. If it throws, for example because of text with half of a
   * surrogate pair, part of the frame may have been appended. So call `mark` before this method, and `rollBack` after
   * an error.
   */
  appendChecked(args: readonly Argument[]): void {
    this.#reserve(headerBytes)
    this.#writeHeader(ARRAY, args.length)
    for (let i = 0; i < args.length; i++) {
      const arg = args[i] as Argument
      if (typeof arg === 'string') this.#writeText(arg)
      else if (typeof arg === 'object') this.#writeBytes(arg)
      else this.#writeText(numberText(arg))
    }
  }

  /** Marks the current end, for `rollBack`. */
  mark(): void {
    this.#marked = this.length
  }

  /** Removes everything appended since `mark`. `take` must not have been called in between. */
  rollBack(): void {
    this.#truncate(this.#marked)
  }

  #truncate(length: number): void {
    this.#endChunk()
    while (this.#chunkBytes > length) {
      const chunk = this.#chunks.pop() as Uint8Array // there are bytes, so there is a chunk
      this.#chunkBytes -= chunk.length
      if (this.#chunkBytes < length) this.#pushChunk(chunk.subarray(0, length - this.#chunkBytes))
    }
  }

  /**
   * Takes the appended bytes, in order, in as few chunks as possible. The encoder does not change them again before
   * `reuse`, but they may reference byte arrays passed as arguments.
   */
  take(): Uint8Array[] {
    this.#endChunk()
    const chunks = this.#chunks
    this.#chunks = []
    this.#chunkBytes = 0
    this.#hasReferences = false
    return chunks
  }

  /** Lets the next frames overwrite all chunks that were taken, unless bytes were appended since. */
  reuse(): void {
    if (this.length === 0) this.#start = this.#at = 0
  }

  #writeText(text: string): void {
    const length = text.length
    if (length > loopCharacters) {
      this.#writeLongText(text)
      return
    }
    this.#reserve(length + headerBytes)
    const slab = this.#slab
    const before = this.#at
    this.#writeHeader(BULK_STRING, length)
    let at = this.#at
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code > 0x7f) {
        this.#at = before
        this.#writeLongText(text)
        return
      }
      slab[at++] = code
    }
    slab[at] = CR
    slab[at + 1] = LF
    this.#at = at + 2
  }

  /**
   * Counts the bytes of text by writing them, because counting them first takes longer than writing them. The header is written
   * afterwards. Its room is as long as for ASCII; if it gets one more digit, the text is moved.
   */
  #writeLongText(text: string): void {
    const { length } = text
    if (length < slabBytes) {
      this.#reserve(length + headerBytes)
      const digits = String(length).length
      const start = this.#at + digits + 3 // after `$`, the length and a line end
      const room = this.#slab.length - start - 3 // the line end, and one more digit
      const written = writeUtf8.call(this.#slab, text, start, room)
      // The longest character has 4 bytes. If there is room for one, none was left out.
      if (room - written >= 4) {
        if (written !== length) {
          checkText(text)
          this.#slab.copyWithin(start - digits + String(written).length, start, start + written)
        }
        this.#writeHeader(BULK_STRING, written)
        this.#at += written
        this.#writeLineEnd()
        return
      }
      this.#nextSlab(0)
    }
    checkText(text)
    this.#writeLarge(Buffer.from(text))
  }

  #writeBytes(bytes: Uint8Array): void {
    const length = byteLengthOf(bytes)
    if (length >= this.#largeBytes) {
      const view = viewOf(bytes)
      this.#writeLarge(this.mayReference ? view : Buffer.from(view))
      this.#hasReferences ||= this.mayReference
      return
    }
    this.#reserve(length + headerBytes)
    this.#writeHeader(BULK_STRING, length)
    this.#slab.set(bytes, this.#at)
    this.#at += length
    this.#writeLineEnd()
  }

  /** Appends the bytes as a separate chunk. */
  #writeLarge(bytes: Uint8Array): void {
    this.#reserve(headerBytes)
    this.#writeHeader(BULK_STRING, bytes.length)
    this.#endChunk()
    this.#pushChunk(bytes)
    this.#writeLineEnd()
  }

  /** Writes the type byte, the number and CR LF. The caller has reserved the space. */
  #writeHeader(type: number, count: number): void {
    const slab = this.#slab
    slab[this.#at++] = type
    if (count < 10) slab[this.#at++] = ZERO + count
    else if (count < 100) {
      slab[this.#at++] = ZERO + ((count / 10) | 0)
      slab[this.#at++] = ZERO + (count % 10)
    } else {
      const digits = String(count)
      for (let i = 0; i < digits.length; i++) slab[this.#at++] = digits.charCodeAt(i)
    }
    this.#writeLineEnd()
  }

  #writeLineEnd(): void {
    this.#slab[this.#at++] = CR
    this.#slab[this.#at++] = LF
  }

  #reserve(bytes: number): void {
    if (this.#slab.length - this.#at < bytes) this.#nextSlab(bytes)
  }

  #nextSlab(atLeast: number): void {
    this.#endChunk()
    const size = Math.min(this.#slab.length * 16 || firstSlabBytes, lastSlabBytes)
    this.#slab = Buffer.allocUnsafeSlow(Math.max(size, atLeast))
    this.#start = this.#at = 0
  }

  #endChunk(): void {
    if (this.#at === this.#start) return
    this.#pushChunk(this.#slab.subarray(this.#start, this.#at))
    this.#start = this.#at
  }

  #pushChunk(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#chunkBytes += chunk.length
  }
}
