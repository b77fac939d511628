/** Payloads up to this size get their memory at once: the constant in "no memory on the word of a header". */
const unprovenBytes = 64 * 1024
const firstSegmentBytes = 256

/**
 * Collects a payload that comes in several chunks, copying each byte once or twice, however many chunks there are.
 *
 * Until half of an announced length has come, bytes are kept in segments, each as large as what came before it (up to
 * 64 kB): a length header alone takes no memory. Then the rest is worth an allocation in full, and is written in its place.
 *
 *     announced   |---------------------------------------------|
 *     segments    |--|--|----|--------|                           memory <= 2 x received + 64 kB
 *     whole       |===================|=======>                 |  from the half on; segments are copied in, and dropped
 */
export class Assembly {
  #announced = 0
  #received = 0
  #whole: Buffer | undefined
  #segments: Buffer[] = []
  /** Room left in the last segment. */
  #room = 0

  /** Bytes collected so far. */
  get received(): number {
    return this.#received
  }

  /** Begins a payload of that many bytes; 0 when nobody knows. What was collected before is dropped. */
  begin(announced: number): void {
    this.#announced = announced
    this.#received = 0
    this.#segments = []
    this.#room = 0
    this.#whole = announced > 0 && announced <= unprovenBytes ? Buffer.allocUnsafe(announced) : undefined
  }

  append(chunk: Buffer, start: number, stop: number): void {
    const received = this.#received + stop - start
    if (this.#whole === undefined && this.#announced > 0 && received * 2 >= this.#announced) {
      this.#whole = this.#copySegments(Buffer.allocUnsafe(this.#announced))
    }
    if (this.#whole !== undefined) chunk.copy(this.#whole, this.#received, start, stop)
    else this.#appendToSegments(chunk, start, stop)
    this.#received = received
  }

  /** All that was collected, in memory of its own, never touched again. */
  take(): Buffer {
    const bytes = this.#whole ?? this.#copySegments(Buffer.allocUnsafe(this.#received))
    this.#whole = undefined
    this.#received = 0
    return bytes
  }

  #appendToSegments(chunk: Buffer, start: number, stop: number): void {
    let from = start
    while (from < stop) {
      if (this.#room === 0) {
        const size = Math.min(Math.max(this.#received + from - start, firstSegmentBytes), unprovenBytes)
        this.#segments.push(Buffer.allocUnsafe(size))
        this.#room = size
      }
      const segment = this.#segments[this.#segments.length - 1] as Buffer
      const count = Math.min(this.#room, stop - from)
      chunk.copy(segment, segment.length - this.#room, from, from + count)
      this.#room -= count
      from += count
    }
  }

  #copySegments(target: Buffer): Buffer {
    let at = 0
    for (const segment of this.#segments)
      at += segment.copy(target, at, 0, Math.min(segment.length, this.#received - at))
    this.#segments = []
    this.#room = 0
    return target
  }
}
