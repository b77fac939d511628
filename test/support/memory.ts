/** Takes the memory of a byte array away, as a transfer to a worker does. */
export function detach(bytes: Uint8Array): void {
  structuredClone(bytes, { transfer: [bytes.buffer as ArrayBuffer] })
}

/** What newer language libraries declare of memory that can be resized. */
interface Resizable {
  readonly memory: ArrayBuffer
  resize(bytes: number): void
}

/** Memory of so many bytes, which can be resized up to twice as many. */
export function resizable(bytes: number): Resizable {
  const Memory = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => ArrayBuffer
  const memory = new Memory(bytes, { maxByteLength: bytes * 2 })
  return { memory, resize: (size) => (memory as unknown as { resize(bytes: number): void }).resize(size) }
}
