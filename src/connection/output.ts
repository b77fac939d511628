import { Encoder } from '../protocol/encoder.js'
import type { Transport, WriteResult } from './transport.js'

/**
 * No single write is larger: each one that is taken is a sign of life, so that a large value on a slow line is not held
 * for a dead line as long as it gets on.
 */
const sliceBytes = 256 * 1024

/** What goes out on one connection: frames are appended to its encoder, and written together, one write at a time. */
export class Output {
  readonly encoder = new Encoder()
  #transport: Transport | undefined
  #bytesWritten = 0
  /** The last write is not known to be taken: nothing more is written. */
  #isPending = false
  /** Of what was written, the slices that wait for those before them. */
  #slices: Uint8Array[][] = []

  /** To be called once, before anything is written. */
  open(transport: Transport): void {
    this.#transport = transport
  }

  get isPending(): boolean {
    return this.#isPending
  }

  /** Part of what was written has provably not been handed to the socket, whatever the transport can tell. */
  get isCut(): boolean {
    return this.#slices.length > 0
  }

  get bytesWritten(): number {
    return this.#bytesWritten
  }

  /** Writes what the encoder holds. `refused`: not a byte of it was taken. */
  write(): WriteResult {
    const { encoder } = this
    const size = encoder.length
    this.#bytesWritten += size
    const chunks = encoder.take()
    const transport = this.#transport as Transport
    if (size <= sliceBytes) {
      const result = transport.write(chunks)
      this.#isPending = result !== 'taken'
      return result
    }
    this.#slices = slice(chunks, sliceBytes)
    this.#isPending = true
    const result = transport.write(this.#slices[0] as Uint8Array[])
    if (result === 'refused') this.#slices = []
    else this.#slices.shift()
    return result === 'taken' ? this.#writeOn() : result
  }

  /** The transport has taken its pending write. @returns whether more may be written */
  onWritten(): boolean {
    return this.#writeOn() === 'taken'
  }

  /** Some slices have been taken: a refusal now is the end of the stream, of which the transport will tell. */
  #writeOn(): 'taken' | 'pending' {
    for (;;) {
      const next = this.#slices[0]
      if (next === undefined) {
        this.#isPending = false
        return 'taken'
      }
      const result = (this.#transport as Transport).write(next)
      if (result === 'refused') return 'pending'
      this.#slices.shift()
      if (result === 'pending') return 'pending'
    }
  }
}

/** The chunks in groups of at most `size` bytes, cut where need be; nothing is copied. */
function slice(chunks: readonly Uint8Array[], size: number): Uint8Array[][] {
  const slices: Uint8Array[][] = []
  let current: Uint8Array[] = []
  let room = size
  for (const chunk of chunks) {
    let at = 0
    while (chunk.length - at > room) {
      current.push(chunk.subarray(at, at + room))
      at += room
      slices.push(current)
      current = []
      room = size
    }
    current.push(chunk.subarray(at))
    room -= chunk.length - at
  }
  slices.push(current)
  return slices
}
