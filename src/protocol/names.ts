/** Longer names are not kept, because comparing them costs as much as creating them. */
const longestName = 64

/** Initial and maximum size of the table: powers of two. */
const smallestSize = 64
const largestSize = 8 * 1024

/**
 * Creates repeated strings, such as hash fields and channel names, only once. It is a hash table without collision
 * handling: a new name replaces the old one in its slot. If this happens often, the table grows.
 *
 * Reusing the same string also saves V8 a lookup by its characters when the string names a property.
 */
export class Names {
  readonly #make: (chunk: Buffer, start: number, stop: number) => string
  #slots = new Array<string>(smallestSize).fill('')
  #mask = smallestSize - 1
  /** Names replaced since the table last grew. */
  #replaced = 0

  /**
   * @param make decodes bytes to a string. The table keeps a string only if it has as many characters as bytes.
   *   Otherwise `Ú`, which is two bytes in UTF-8, could be returned for a different name, the single byte 0xda. In a
   *   string that is kept, each character code must either equal the byte at its position, or be above 0xff (the
   *   replacement character). Latin-1 and UTF-8 meet this condition
   */
  constructor(make: (chunk: Buffer, start: number, stop: number) => string) {
    this.#make = make
  }

  /** The string for the bytes between two positions; there must be at least three bytes before `start`. */
  get(chunk: Buffer, start: number, stop: number): string {
    const length = stop - start
    if (length > longestName) return this.#make(chunk, start, stop)
    const slot = this.#slotOf(chunk, start, stop)
    const known = this.#slots[slot] as string
    if (known.length === length && isEqual(known, chunk, start)) return known
    const name = this.#make(chunk, start, stop)
    if (name.length !== length) return name
    this.#slots[slot] = name
    if (known !== '') this.#noteReplaced()
    return name
  }

  /**
   * Hashes the length and a few bytes, mostly the last ones, because most names differ there. For short names, this
   * includes bytes in front of the name.
   */
  #slotOf(chunk: Buffer, start: number, stop: number): number {
    const first = chunk[start] as number
    const last = chunk[stop - 1] as number
    const second = chunk[stop - 2] as number
    const third = chunk[stop - 3] as number
    return ((stop - start) * 7 + first * 17 + last * 31 + second * 131 + third * 523) & this.#mask
  }

  #noteReplaced(): void {
    this.#replaced += 1
    const size = this.#slots.length
    if (this.#replaced <= size || size === largestSize) return
    this.#slots = new Array<string>(size * 2).fill('')
    this.#mask = size * 2 - 1
    this.#replaced = 0
  }
}

function isEqual(text: string, chunk: Buffer, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== chunk[start + i]) return false
  return true
}
