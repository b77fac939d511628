import { DecodeError } from './decode-error.js'

const nothing = new Uint8Array(0)

/** Where in the stream the decoder is: turns places in the current chunk into offsets, and faults into errors. */
export class Source {
  #chunk: Uint8Array = nothing
  #base = 0
  #tokenAt = 0
  #failure: DecodeError | undefined

  /** Bytes in the chunks before the current one. */
  get base(): number {
    return this.#base
  }

  /** The error that ended the stream for good, once there is one. */
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

  /** So many bytes came past the decoder. */
  advance(bytes: number): void {
    this.#base += bytes
    this.#tokenAt -= bytes
  }

  /** A token begins at this place in the chunk. */
  beginToken(at: number): void {
    this.#tokenAt = at
  }

  /** Where the token under way began, in the chunk; negative when in an earlier one. */
  get tokenAt(): number {
    return this.#tokenAt
  }

  /** The error for a byte, given by its place in the chunk, that can't stand there. */
  errorAt(at: number, reason: string): DecodeError {
    return this.#fail(at, reason)
  }

  /** The error for a token that is wrong as a whole. */
  errorInToken(reason: string, options?: ErrorOptions): DecodeError {
    return this.#fail(this.#tokenAt, reason, options)
  }

  #fail(at: number, reason: string, options?: ErrorOptions): DecodeError {
    const atHand = this.#chunk.subarray(Math.max(0, at))
    this.#failure = new DecodeError(reason, this.#base + at, atHand, options)
    this.#chunk = nothing
    return this.#failure
  }
}
