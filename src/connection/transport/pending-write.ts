/** The rest of a large write, taken in slices from front to back, without copying. */
export class PendingWrite {
  #chunks: readonly Uint8Array[] = []
  /** Where the next slice begins: chunk and offset. */
  #index = 0
  #offset = 0
  #bytes = 0

  /** Bytes not yet taken. */
  get bytes(): number {
    return this.#bytes
  }

  /** Begins with new chunks, of `bytes` bytes in total. The rest of the old ones is dropped. */
  begin(chunks: readonly Uint8Array[], bytes: number): void {
    this.#chunks = chunks
    this.#index = 0
    this.#offset = 0
    this.#bytes = bytes
  }

  /**
   * Takes the next `size` bytes.
   * @returns undefined if the owner of a chunk has detached its memory
   */
  take(size: number): Uint8Array[] | undefined {
    const slice: Uint8Array[] = []
    this.#bytes -= size
    for (let left = size; left > 0; ) {
      const chunk = this.#chunks[this.#index] as Uint8Array
      // A chunk is empty only if its memory was detached.
      if (chunk.length === 0) return undefined
      const end = Math.min(chunk.length, this.#offset + left)
      slice.push(chunk.subarray(this.#offset, end))
      left -= end - this.#offset
      this.#offset = end
      if (end < chunk.length) break
      this.#index += 1
      this.#offset = 0
    }
    if (this.#bytes === 0) this.#chunks = []
    return slice
  }
}
