/** Shown for each byte of a secret, so that everything after it stays where it was. */
const star = 0x2a
/** Enough of an argument to know AUTH and HELLO. */
const known = 'HELLO'.length + 1

/**
 * Hides what a client authenticates with, in the requests of one link: the arguments of AUTH, and the two after AUTH in HELLO. The
 * requests may be cut anywhere into chunks.
 */
export class Mask {
  /** Arguments of the present command that have not ended yet. */
  #left = 0
  /** The present line: `*2`, or `$4`. */
  #line = ''
  /** Bytes of the present argument that have not come yet, with its line end; undefined in a line. */
  #missing: number | undefined
  /** The beginning of the present argument. */
  #word = ''
  #command: string | undefined
  /** How many of the next arguments are secret. */
  #secrets = 0

  /** @returns the chunk, or a copy without the secrets */
  hide(chunk: Buffer): Buffer {
    let shown = chunk
    for (let position = 0; position < chunk.length; ) {
      if (this.#missing === undefined) {
        this.#readLine(chunk[position] as number)
        position += 1
        continue
      }
      const length = Math.min(this.#missing, chunk.length - position)
      const ofArgument = Math.max(0, Math.min(length, this.#missing - 2))
      if (this.#secrets > 0) {
        if (shown === chunk) shown = Buffer.from(chunk)
        shown.fill(star, position, position + ofArgument)
      } else if (this.#word.length < known) {
        this.#word += chunk.toString('latin1', position, position + Math.min(ofArgument, known))
      }
      position += length
      this.#missing -= length
      if (this.#missing === 0) this.#endArgument()
    }
    return shown
  }

  #readLine(byte: number): void {
    if (byte !== 10) {
      this.#line += String.fromCharCode(byte)
      return
    }
    const [, kind, digits] = /^([*$])(\d+)\r$/.exec(this.#line) ?? []
    this.#line = ''
    if (kind === '*') {
      this.#left = Number(digits)
      this.#command = undefined
      this.#secrets = 0
    } else if (kind === '$' && this.#left > 0) {
      this.#missing = Number(digits) + 2
      this.#word = ''
    }
  }

  #endArgument(): void {
    this.#missing = undefined
    this.#left -= 1
    if (this.#secrets > 0) {
      this.#secrets -= 1
      return
    }
    const word = this.#word.toUpperCase()
    this.#command ??= word
    if (word !== 'AUTH') return
    if (this.#command === 'AUTH') this.#secrets = this.#left
    else if (this.#command === 'HELLO') this.#secrets = Math.min(2, this.#left)
  }
}
