import { Buffer } from './buffer.js'

/** Up to this length, a loop is faster than a call into the runtime, which costs about 60 ns whatever the length. */
const loopBytes = 32

/** Copies the bytes between two positions. The copy shares no memory with `bytes`. */
export function copyBytes(bytes: Buffer, start: number, stop: number): Buffer {
  const length = stop - start
  const copy = Buffer.allocUnsafe(length)
  if (length > loopBytes) bytes.copy(copy, 0, start, stop)
  else for (let i = 0; i < length; i++) copy[i] = bytes[start + i] as number
  return copy
}
