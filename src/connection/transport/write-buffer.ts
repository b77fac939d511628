import { Encoder } from '../../protocol/encoder.js'
import { PendingWrite } from './pending-write.js'
import type { Transport, WriteResult } from './transport.js'

/**
 * No write is much larger than a slice. Each taken write shows progress, so that a large value on a slow connection
 * does not count as a stall. While the kernel takes whole slices immediately, slices grow, to save system calls.
 * Otherwise, they become small again.
 */
const smallestSlice = 256 * 1024
const largestSlice = 1024 * 1024

/**
 * If the remaining bytes are at most this many slices, they are sent in one write, because a small rest is not worth a
 * separate write.
 */
const tolerance = 1.25

/** Collects frames of one connection in its encoder, and writes them together, one write at a time. */
export class WriteBuffer {
  readonly encoder = new Encoder()
  #transport: Transport | undefined
  #bytesWritten = 0
  /** Whether the last write is not taken yet. Until then, nothing more is written. */
  #isPending = false
  #sliceBytes = smallestSlice
  /** The rest of a large write. */
  readonly #rest = new PendingWrite()
  #handedBytes = 0
  /** Whether a part of the last write is memory of the user. */
  #isBorrowed = false
  #isBroken = false

  /** Call this once, before the first write. */
  open(transport: Transport): void {
    this.#transport = transport
  }

  get isPending(): boolean {
    return this.#isPending
  }

  /** The number of bytes that were given to `write`, but not passed to the transport yet. */
  get unhandedBytes(): number {
    return this.#bytesWritten - this.#handedBytes
  }

  /** Whether the rest can't be written because the memory of an argument was detached. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  get bytesWritten(): number {
    return this.#bytesWritten
  }

  /** Writes everything that the encoder holds. `refused` means that no byte was taken. */
  write(): WriteResult {
    const size = this.encoder.length
    this.#bytesWritten += size
    this.#isBorrowed = this.encoder.hasReferences
    const chunks = this.encoder.take()
    this.#isPending = true
    let result: WriteResult
    if (size <= this.#sliceBytes) result = this.#hand(chunks, size)
    else {
      this.#rest.begin(chunks, size)
      result = this.#handSlice()
    }
    if (result === 'taken') return this.#writeOn()
    if (result === 'refused') {
      this.#rest.begin([], 0)
      this.#bytesWritten -= size
    }
    return result
  }

  /** Called when the transport has taken its pending write. @returns whether more may be written */
  onWritten(): boolean {
    return this.#writeOn() === 'taken'
  }

  /** The write, or a part of it, was taken. If the transport refuses the next slice, it will report its end. */
  #writeOn(): 'taken' | 'pending' {
    while (this.#rest.bytes > 0) if (this.#handSlice() !== 'taken') return 'pending'
    this.#isPending = false
    if ((this.#transport as Transport).writableLength === 0) this.encoder.reuse()
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
