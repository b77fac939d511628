/** Detaches the memory of a byte array, as a transfer to a worker does. */
export function detach(bytes: Uint8Array): void {
  structuredClone(bytes, { transfer: [bytes.buffer as ArrayBuffer] })
}

/** Resizable memory, as newer TypeScript libraries declare it. */
interface Resizable {
  readonly memory: ArrayBuffer
  resize(bytes: number): void
}

/** Memory of this many bytes, resizable up to twice the size. */
export function resizable(bytes: number): Resizable {
  const Memory = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => ArrayBuffer
  const memory = new Memory(bytes, { maxByteLength: bytes * 2 })
  return { memory, resize: (size) => (memory as unknown as { resize(bytes: number): void }).resize(size) }
}
