import buffer from 'node:buffer'

/**
 * V8 copies substrings up to this length; a longer one is a view that keeps the whole parent string alive
 * (`SlicedString::kMinLength` is 13).
 */
const copiedLength = 12

/** Bytes of a chunk that are turned into one string, to cut short ones from. */
const windowBytes = 8 * 1024

/** Below this, making a window costs more than it can save, and so does looking whether all is ASCII. */
const smallChunkBytes = 64

/** Up to so many bytes, a string costs noticeably less when it is known to be ASCII. */
const shortBytes = 256

/** Whether no byte is above 0x7f. Without the runtime's own test, "no" is always a safe answer. */
const isAscii: (bytes: Uint8Array) => boolean = buffer.isAscii ?? (() => false)

/** What `Buffer.toString` calls in the end; on short strings, calling it directly saves a third of the time. */
interface NativeSlices {
  latin1Slice?(start: number, stop: number): string
  utf8Slice?(start: number, stop: number): string
}

type Slice = (bytes: Buffer, start: number, stop: number) => string

const native: NativeSlices = Buffer.prototype

/** One character a byte: for what is known to be ASCII. */
export const decodeLatin1: Slice =
  native.latin1Slice === undefined
    ? (bytes, start, stop) => bytes.toString('latin1', start, stop)
    : (bytes, start, stop) => (bytes as Buffer & Required<NativeSlices>).latin1Slice(start, stop)

const decodeUtf8: Slice =
  native.utf8Slice === undefined
    ? (bytes, start, stop) => bytes.toString('utf8', start, stop)
    : (bytes, start, stop) => (bytes as Buffer & Required<NativeSlices>).utf8Slice(start, stop)

/** From here on it pays to look first whether a text is ASCII: 8 MB take Node 24 1.4 ms then, instead of 7. */
const largeBytes = 1024 * 1024

/** UTF-8 to string; what isn't UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Buffer, start: number, stop: number): string {
  const isLargeAscii = stop - start >= largeBytes && isAscii(bytes.subarray(start, stop))
  return isLargeAscii ? decodeLatin1(bytes, start, stop) : decodeUtf8(bytes, start, stop)
}

/**
 * Cuts strings from one chunk at a time.
 *
 * A call into the runtime costs about 100 ns, whatever the length; a substring of a string already made, about 20 ns. So a
 * window of the chunk is made a string at once, as Latin-1 (which is right for those parts that are ASCII), and short strings are
 * cut from that. Long ones are made by a call each: they must not keep the window alive.
 */
export class ChunkText {
  #chunk: Buffer | undefined
  /** Of the whole chunk; undefined before anybody has looked. */
  #isAscii: boolean | undefined
  #window = ''
  #from = 0
  #to = 0

  /** Begins with a chunk; nothing is read from it before the first `slice`. */
  open(chunk: Buffer): void {
    this.#chunk = chunk
    this.#isAscii = undefined
    this.#from = 0
    this.#to = 0
  }

  /** Lets go of the chunk. */
  close(): void {
    this.#chunk = undefined
    this.#window = ''
    this.#to = 0
  }

  /** The UTF-8 text between two positions of the chunk. */
  slice(start: number, stop: number): string {
    if (stop - start <= copiedLength) {
      if (stop > this.#to || start < this.#from) return this.#firstSlice(start, stop)
      if (this.#isAscii || this.#isAsciiBetween(start, stop)) {
        return this.#window.substring(start - this.#from, stop - this.#from)
      }
    }
    return this.#longSlice(start, stop)
  }

  #firstSlice(start: number, stop: number): string {
    const chunk = this.#chunk as Buffer // open() came before
    if (chunk.length < smallChunkBytes) return decodeText(chunk, start, stop)
    this.#isAscii ??= isAscii(chunk)
    this.#from = start
    this.#to = Math.min(start + windowBytes, chunk.length)
    this.#window = decodeLatin1(chunk, this.#from, this.#to)
    return this.slice(start, stop)
  }

  #longSlice(start: number, stop: number): string {
    const chunk = this.#chunk as Buffer
    if (this.#isAscii === undefined && stop - start <= shortBytes && chunk.length >= smallChunkBytes) {
      this.#isAscii = isAscii(chunk)
    }
    return this.#isAscii === true ? decodeLatin1(chunk, start, stop) : decodeText(chunk, start, stop)
  }

  #isAsciiBetween(start: number, stop: number): boolean {
    const chunk = this.#chunk as Buffer
    let bits = 0
    for (let at = start; at < stop; at++) bits |= chunk[at] as number
    return bits < 0x80
  }
}
