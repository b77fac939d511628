/** Longer ones are not kept: comparing them costs as much as making them. */
const longestName = 64

/** Names kept at first, and at most: powers of two. */
const smallestSize = 64
const largestSize = 8 * 1024

/**
 * Strings that come again and again, field names of hashes and names of channels, each made once: a table in which the place
 * follows from the bytes. Of two that fall on the same place the later one stays, and when that happens often, the table
 * grows.
 *
 * That a string is the same one each time also spares V8 looking it up by its characters when it names a property.
 */
export class Names {
  readonly #make: (chunk: Buffer, start: number, stop: number) => string
  #slots = new Array<string>(smallestSize).fill('')
  #mask = smallestSize - 1
  /** Names that lost their place, since the table has the size it has. */
  #replaced = 0

  /**
   * @param make makes a string of bytes. Where it has as many characters as bytes, they must be those of the same numbers,
   *   or above 0xff: so it is with Latin-1, and with UTF-8. Only such strings are kept: `Ú` of two bytes must not be taken
   *   for the name of another that is the single byte 0xda
   */
  constructor(make: (chunk: Buffer, start: number, stop: number) => string) {
    this.#make = make
  }

  /** The string of the bytes between two positions; at least three bytes must stand before them. */
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

  /** By length and a few bytes: names that differ mostly differ in the last ones. Of short ones, what is before them counts. */
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
