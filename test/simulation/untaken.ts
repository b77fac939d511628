/**
 * What a client has handed over and its kernel has not taken: a reference to the client's memory, as `socket.write` keeps
 * one, read at the moment when the kernel takes it. Whoever changes that memory before changes what is sent.
 */
export class Untaken {
  #chunks: { readonly chunk: Uint8Array; readonly length: number }[] = []
  /** Of the first chunk so much has been taken. */
  #offset = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  hold(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) {
      const { length } = chunk
      if (length === 0) continue
      this.#chunks.push({ chunk, length })
      this.#length += length
    }
  }

  /** Takes so many bytes, or all. */
  take(most: number): Buffer {
    const taken: Buffer[] = []
    for (let left = Math.min(most, this.#length); left > 0; ) {
      const { chunk, length } = this.#chunks[0] as { chunk: Uint8Array; length: number }
      const size = Math.min(left, length - this.#offset)
      taken.push(read(chunk, this.#offset, size))
      left -= size
      this.#length -= size
      this.#offset += size
      if (this.#offset < length) break
      this.#chunks.shift()
      this.#offset = 0
    }
    return Buffer.concat(taken)
  }

  drop(): void {
    this.#chunks = []
    this.#offset = 0
    this.#length = 0
  }
}

/** Memory that its owner gave away may hold anything by now. */
function read(chunk: Uint8Array, offset: number, size: number): Buffer {
  const bytes = Buffer.alloc(size, '?')
  if (chunk.length > offset) bytes.set(chunk.subarray(offset, offset + size))
  return bytes
}
