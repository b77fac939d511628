import { Encoder } from '../../protocol/encoder.js'
import { PendingWrite } from './pending-write.js'
import type { Transport, WriteResult } from './transport.js'

/**
 * No single write is much larger than a slice: each one that is taken is a sign of life, so that a large value on a slow
 * line is not held for a dead line as long as it gets on. On a line that takes whole slices at once they grow, since every
 * write has its price; when it does not, they are small again.
 */
const smallestSlice = 256 * 1024
const largestSlice = 1024 * 1024

/** Up to so many slices go as one: a small rest is not worth a write of its own. */
const tolerance = 1.25

/** What goes out on one connection: frames are appended to its encoder, and written together, one write at a time. */
export class WriteBuffer {
  readonly encoder = new Encoder()
  #transport: Transport | undefined
  #bytesWritten = 0
  /** The last write is not known to be taken: nothing more is written. */
  #isPending = false
  #sliceBytes = smallestSlice
  /** Of what was written, that which waits for what is before it. */
  readonly #rest = new PendingWrite()
  #handedBytes = 0
  /** Of what was written last, a part is memory of the caller. */
  #isBorrowed = false
  #isBroken = false

  /** To be called once, before anything is written. */
  open(transport: Transport): void {
    this.#transport = transport
  }

  get isPending(): boolean {
    return this.#isPending
  }

  /** Bytes that were written and have not been handed to the transport. */
  get unhandedBytes(): number {
    return this.#bytesWritten - this.#handedBytes
  }

  /** What is left to be written can't be: the memory of an argument was detached. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  get bytesWritten(): number {
    return this.#bytesWritten
  }

  /** Writes what the encoder holds. `refused`: not a byte of it was taken. */
  write(): WriteResult {
    const size = this.encoder.length
    this.#bytesWritten += size
    this.#isBorrowed = this.encoder.hasReferences
    const chunks = this.encoder.take()
    if (size <= this.#sliceBytes) {
      const result = this.#hand(chunks, size)
      this.#isPending = result !== 'taken'
      if (result === 'refused') this.#bytesWritten -= size
      return result
    }
    this.#isPending = true
    this.#rest.begin(chunks, size)
    const result = this.#handSlice()
    if (result === 'refused') {
      this.#rest.begin([], 0)
      this.#bytesWritten -= size
    }
    return result === 'taken' ? this.#writeOn() : result
  }

  /** The transport has taken its pending write. @returns whether more may be written */
  onWritten(): boolean {
    return this.#writeOn() === 'taken'
  }

  /** Part of it has been taken: a refusal now is the end of the stream, of which the transport will tell. */
  #writeOn(): 'taken' | 'pending' {
    while (this.#rest.bytes > 0) if (this.#handSlice() !== 'taken') return 'pending'
    this.#isPending = false
    return 'taken'
  }

  #handSlice(): WriteResult {
    const { bytes } = this.#rest
    const size = bytes <= this.#sliceBytes * tolerance ? bytes : this.#sliceBytes
    const slice = this.#rest.take(size)
    if (slice !== undefined) return this.#hand(slice, size)
    this.#isBroken = true
    return 'pending'
  }

  #hand(chunks: readonly Uint8Array[], size: number): WriteResult {
    const result = (this.#transport as Transport).write(chunks, this.#isBorrowed)
    if (result !== 'refused') this.#handedBytes += size
    if (result !== 'taken') this.#sliceBytes = smallestSlice
    else if (size >= this.#sliceBytes) this.#sliceBytes = Math.min(this.#sliceBytes * 2, largestSlice)
    return result
  }
}
