import { byteLengthOf } from '../../../src/protocol/byte-arrays.js'
import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'

/** What a caller does to a buffer that it has passed, before its promise settles. Afterwards it always uses it for something else. */
type Meddling =
  | { readonly kind: 'none' }
  | { readonly kind: 'overwrites' | 'transfers' | 'resizes'; readonly delayMs: number }

/** In Node since 20; the types of ES2023 do not know it. */
interface ResizableBuffer extends ArrayBuffer {
  resize(bytes: number): void
}
const Resizable = ArrayBuffer as unknown as new (
  bytes: number,
  options: { readonly maxByteLength: number },
) => ResizableBuffer

/**
 * A value in a caller's memory, filled with a pattern that says whose it is and in which of its lives: a mix of two is
 * recognised.
 */
export class CallersValue {
  /** What is passed. */
  readonly bytes: Uint8Array
  readonly meddling: Meddling
  readonly #memory: ArrayBuffer
  readonly #passed: Buffer
  readonly #later: Buffer
  readonly #mark: string
  /** What was done to it while it was the client's. */
  #changed: 'no' | 'contents' | 'memory' = 'no'
  #isSettled = false

  constructor(mark: string, size: number, chance: Chance) {
    this.#mark = mark
    this.meddling = anyMeddling(chance)
    this.#memory =
      this.meddling.kind === 'resizes' ? new Resizable(size, { maxByteLength: size * 2 + 8 }) : new ArrayBuffer(size)
    this.bytes = new Uint8Array(this.#memory)
    this.#passed = pattern(`${mark}a`, size)
    this.#later = pattern(`${mark}B`, size)
    this.bytes.set(this.#passed)
  }

  /** The caller did what makes it unsendable, if it had not been sent before. */
  get mayBeUnsendable(): boolean {
    return this.#changed === 'memory'
  }

  /** Passes it to the client, meddles with it, and uses it for something else once the promise has settled. */
  async pass<Result>(call: () => Promise<Result>, clock: SimulatedClock): Promise<Result> {
    try {
      const promise = call()
      if (this.meddling.kind !== 'none') {
        if (this.meddling.delayMs === 0) this.#meddle()
        else clock.schedule(this.meddling.delayMs, () => this.#meddle())
      }
      return await promise
    } finally {
      this.#isSettled = true
      // What has been transferred is the caller's no longer: there is nothing to fill.
      // Not by `length`: once optimized, Node 20 gives the length that a detached one had before.
      const length = byteLengthOf(this.bytes)
      if (length > 0) this.bytes.set(pattern(`${this.#mark}C`, length))
    }
  }

  /** What is wrong with it, as the server was given it. */
  judge(stored: Buffer | undefined): string | undefined {
    if (stored === undefined) return 'ran without its value'
    if (stored.equals(this.#passed)) return undefined
    const isOfItsLength = stored.length === this.#passed.length
    // Memory that a caller gave away may hold anything by then.
    if (isOfItsLength && this.#changed === 'memory') return undefined
    if (isOfItsLength && this.#changed === 'contents' && this.#isMix(stored)) return undefined
    return `stored what nobody wrote: ${stored.length} bytes of ${this.#passed.length}, ${firstDifference(stored, this.#passed)}`
  }

  #isMix(stored: Buffer): boolean {
    return stored.every((byte, i) => byte === this.#passed[i] || byte === this.#later[i])
  }

  #meddle(): void {
    if (this.#isSettled) return
    switch (this.meddling.kind) {
      case 'overwrites':
        this.#changed = 'contents'
        this.bytes.set(this.#later)
        return
      case 'transfers':
        this.#changed = 'memory'
        structuredClone(this.#memory, { transfer: [this.#memory] })
        return
      case 'resizes': {
        this.#changed = 'memory'
        const memory = this.#memory as ResizableBuffer
        memory.resize(Math.floor(memory.byteLength / 2))
        return
      }
      case 'none':
        return
    }
  }
}

function anyMeddling(chance: Chance): Meddling {
  if (chance.happens(0.6)) return { kind: 'none' }
  const kind = chance.pick(['overwrites', 'transfers', 'resizes'] as const)
  return { kind, delayMs: chance.happens(0.4) ? 0 : chance.skewed(1, 300) }
}

const pattern = (text: string, size: number): Buffer => Buffer.alloc(size, text)

function firstDifference(stored: Buffer, passed: Buffer): string {
  const index = stored.findIndex((byte, i) => byte !== passed[i])
  return index === -1 ? 'cut short' : `from byte ${index} on`
}
