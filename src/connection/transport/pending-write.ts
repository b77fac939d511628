/** What is still to be written of something large: taken in slices, from front to back; nothing is copied. */
export class PendingWrite {
  #chunks: readonly Uint8Array[] = []
  /** Where the next slice begins: which chunk, and where in it. */
  #index = 0
  #offset = 0
  #bytes = 0

  /** Bytes not yet taken. */
  get bytes(): number {
    return this.#bytes
  }

  /** Begins with chunks that hold so many bytes; what was left before is dropped. */
  begin(chunks: readonly Uint8Array[], bytes: number): void {
    this.#chunks = chunks
    this.#index = 0
    this.#offset = 0
    this.#bytes = bytes
  }

  /**
   * Takes the next `size` bytes, which must be there.
   * @returns undefined when they are not, since the memory of a chunk was detached by its owner
   */
  take(size: number): Uint8Array[] | undefined {
    const slice: Uint8Array[] = []
    this.#bytes -= size
    for (let left = size; left > 0; ) {
      const chunk = this.#chunks[this.#index] as Uint8Array
      // No chunk is empty by itself.
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
