import { Buffer } from './buffer.js'
import { returnSegment, segmentBytes, takeSegment } from './segments.js'

/**
 * Memory for a payload up to this size is allocated immediately. For larger ones, it is allocated only when data has
 * arrived, so that a length header alone takes little memory.
 */
const unprovenBytes = 64 * 1024

const smallestSegment = 256

/**
 * Collects a payload that arrives in several chunks. Each byte is copied once or twice, whatever the number of chunks.
 *
 * The first half of the payload, less 32 kB, is kept in segments. Each segment is as large as all bytes before it, up to
 * 64 kB, so a length header alone takes little memory. Then the full length is allocated, and the rest of the payload is
 * written directly to its place.
 *
 *     announced   |-----------------------------------------------|
 *     segments    |--|--|----|--------|                             memory <= 2 x received + 64 kB
 *     whole       |========================|=======>              | second half: segments are copied in, and dropped
 */
export class Assembly {
  #announced = 0
  #received = 0
  #whole: Buffer | undefined
  #segments: Buffer[] = []
  /** Bytes free in the last segment. */
  #room = 0

  /** Bytes collected so far. */
  get received(): number {
    return this.#received
  }

  /** Begins a payload of `announced` bytes; 0 means that the length is unknown. Bytes collected before are dropped. */
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
   * Memory for all bytes still to come. After writing to it, call `advance` with the number of bytes. Undefined until
   * enough bytes have arrived.
   */
  room(): Buffer | undefined {
    this.#becomeWholeWith(0)
    return this.#whole?.subarray(this.#received)
  }

  advance(bytes: number): void {
    this.#received += bytes
    if (this.#whole === undefined) this.#room -= bytes
  }

  /** The collected bytes, in memory that is not reused. */
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

  /** @param atHand bytes that are available now */
  #roomFor(atHand: number): Buffer {
    this.#becomeWholeWith(atHand)
    if (this.#whole !== undefined) return this.#whole.subarray(this.#received)
    if (this.#room === 0) {
      this.#room = Math.min(Math.max(this.#received, atHand, smallestSegment), segmentBytes)
      this.#segments.push(this.#room === segmentBytes ? takeSegment() : Buffer.allocUnsafe(this.#room))
    }
    const segment = this.#segments[this.#segments.length - 1] as Buffer // there is at least one now
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
