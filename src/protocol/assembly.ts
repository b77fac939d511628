import { returnSegment, segmentBytes, takeSegment } from './segments.js'

/** Memory of this size is taken without waiting for bytes: the constant in "no memory on the word of a header". */
const unprovenBytes = 64 * 1024

const smallestSegment = 256

/**
 * Collects a payload that comes in several chunks, copying each byte once or twice, however many chunks there are.
 *
 * Until half of an announced length has come, or 32 kB less than that, bytes are kept in segments, each as large as all
 * that came before it, up to 64 kB: a length header alone takes no memory. Then the rest is worth an allocation in full, and
 * is written in its place.
 *
 *     announced   |-----------------------------------------------|
 *     segments    |--|--|----|--------|                             memory <= 2 x received + 64 kB
 *     whole       |========================|=======>              | from the half on: segments are copied in, and dropped
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
    let from = start
    while (from < stop) {
      const room = this.#roomFor(stop - from)
      const count = Math.min(room.length, stop - from)
      chunk.copy(room, 0, from, from + count)
      this.advance(count)
      from += count
    }
  }

  /**
   * Memory to write the next bytes into, all of which there are to come; `advance` says how many were written. Undefined as
   * long as too little has come for it.
   */
  room(): Buffer | undefined {
    this.#becomeWholeWith(0)
    return this.#whole?.subarray(this.#received)
  }

  advance(bytes: number): void {
    this.#received += bytes
    if (this.#whole === undefined) this.#room -= bytes
  }

  /** All that was collected, in memory of its own, never touched again. */
  take(): Buffer {
    const bytes = this.#whole ?? this.#copySegments(Buffer.allocUnsafe(this.#received))
    this.#whole = undefined
    this.#received = 0
    return bytes
  }

  #becomeWholeWith(atHand: number): void {
    if (this.#whole !== undefined || this.#announced === 0) return
    if ((this.#received + atHand) * 2 + unprovenBytes < this.#announced) return
    this.#whole = this.#copySegments(Buffer.allocUnsafe(this.#announced))
  }

  /** @param atHand bytes that are there to be written */
  #roomFor(atHand: number): Buffer {
    this.#becomeWholeWith(atHand)
    if (this.#whole !== undefined) return this.#whole.subarray(this.#received)
    if (this.#room === 0) {
      this.#room = Math.min(Math.max(this.#received, atHand, smallestSegment), segmentBytes)
      this.#segments.push(this.#room === segmentBytes ? takeSegment() : Buffer.allocUnsafe(this.#room))
    }
    const segment = this.#segments[this.#segments.length - 1] as Buffer // there is one, if only just made
    return segment.subarray(segment.length - this.#room)
  }

  #copySegments(target: Buffer): Buffer {
    let at = 0
    for (const segment of this.#segments) {
      at += segment.copy(target, at, 0, Math.min(segment.length, this.#received - at))
      if (segment.length === segmentBytes) returnSegment(segment)
    }
    this.#segments = []
    this.#room = 0
    return target
  }
}
