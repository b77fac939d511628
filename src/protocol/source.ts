import { DecodeError } from './decode-error.js'

const nothing = new Uint8Array(0)

/**
 * The decoder's position in the stream. It converts positions in the current chunk to stream offsets, and creates the
 * errors.
 */
export class Source {
  #chunk: Uint8Array = nothing
  #base = 0
  #tokenAt = 0
  #failure: DecodeError | undefined

  /** Bytes before the current chunk. */
  get base(): number {
    return this.#base
  }

  /** The error that ended decoding, or undefined. */
  get failure(): DecodeError | undefined {
    return this.#failure
  }

  open(chunk: Uint8Array): void {
    this.#chunk = chunk
  }

  close(): void {
    this.advance(this.#chunk.length)
    this.#chunk = nothing
  }

  /** Counts bytes of the stream. This includes bytes that were read directly into a payload. */
  advance(bytes: number): void {
    this.#base += bytes
    this.#tokenAt -= bytes
  }

  /** Records that a token begins at this position in the chunk. */
  beginToken(at: number): void {
    this.#tokenAt = at
  }

  /** Where the current token began, relative to the chunk; negative if it began in an earlier chunk. */
  get tokenAt(): number {
    return this.#tokenAt
  }

  /** The error for an invalid byte at this position in the chunk. */
  errorAt(at: number, reason: string): DecodeError {
    return this.#fail(at, reason)
  }

  /** The error for a token that is invalid as a whole. */
  errorInToken(reason: string): DecodeError {
    return this.#fail(this.#tokenAt, reason)
  }

  /** The error for a valid token that exceeds a limit. */
  errorBeyondLimit(reason: string, options?: ErrorOptions): DecodeError {
    return this.#fail(this.#tokenAt, reason, true, options)
  }

  #fail(at: number, reason: string, exceedsLimit?: true, options?: ErrorOptions): DecodeError {
    const atHand = this.#chunk.subarray(Math.max(0, at))
    this.#failure = new DecodeError(reason, this.#base + at, atHand, exceedsLimit, options)
    this.#chunk = nothing
    return this.#failure
  }
}
