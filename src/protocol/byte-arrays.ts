import { Buffer } from './buffer.js'

/**
 * Reads the type and size of a byte array with the built-in getters of `TypedArray.prototype`, not with the array's own
 * properties. A subclass, or an own property, may report any length. `instanceof` is true for some objects that are not
 * byte arrays, and false for byte arrays from another realm (a `vm` context, jsdom).
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

/** Whether the value is a Uint8Array, such as a Buffer, from any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return tag.call(value) === 'Uint8Array'
}

/** Whether the memory of the array was detached, for example by a transfer to a worker. */
export function isDetached(bytes: Uint8Array): boolean {
  if (length.call(bytes) > 0) return false
  try {
    // The only check that works on every runtime.
    new Uint8Array(memory.call(bytes))
    return false
  } catch {
    return true
  }
}

/** Current number of bytes: 0 if the array's memory was detached, or resized so that the array no longer fits. */
export function byteLengthOf(bytes: Uint8Array): number {
  return length.call(bytes)
}

/** A Buffer on the same memory. It is empty if that memory is detached, and becomes empty if it is detached later. */
export function viewOf(bytes: Uint8Array): Buffer {
  // A view of detached memory can't be created.
  if (length.call(bytes) === 0) return Buffer.alloc(0)
  return Buffer.from(memory.call(bytes), offset.call(bytes), length.call(bytes))
}
