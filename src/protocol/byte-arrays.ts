/**
 * What is known of a byte array whatever its owner has made of it. The getters of the language itself are called, not the
 * properties: a subclass, or an own property, can say any length, and `instanceof` holds for objects that are no byte
 * arrays and fails for those of another realm (a `vm` context, jsdom).
 */

type Getter<T> = (this: unknown) => T

const prototype = Object.getPrototypeOf(Uint8Array.prototype) as object

function getter<T>(name: string | symbol): Getter<T> {
  return Object.getOwnPropertyDescriptor(prototype, name)?.get as Getter<T>
}

const tag = getter<string | undefined>(Symbol.toStringTag)
const length = getter<number>('length')
const offset = getter<number>('byteOffset')
const memory = getter<ArrayBuffer>('buffer')

/** Whether it is a Uint8Array, and so perhaps a Buffer, of any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return tag.call(value) === 'Uint8Array'
}

/** Whether its memory was taken away (by a transfer to a worker, say). Any other use of it throws, or finds it empty. */
export function isDetached(bytes: Uint8Array): boolean {
  if (length.call(bytes) > 0) return false
  try {
    // Nothing else tells on every runtime.
    new Uint8Array(memory.call(bytes))
    return false
  } catch {
    return true
  }
}

/** Bytes in it now: 0 when its memory was detached, or shrunk until it did not fit any longer. */
export function byteLengthOf(bytes: Uint8Array): number {
  return length.call(bytes)
}

/** A Buffer of the same memory. Its length becomes 0 when that memory is detached. */
export function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(memory.call(bytes), offset.call(bytes), length.call(bytes))
}
