/** The bytes are no valid request: a real server replies with an error, and closes the connection. The message is this reply. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
}

/** The default limits of real servers. */
const maxArguments = 1_048_576
const maxArgumentBytes = 536_870_912
const maxLineBytes = 65_536

/**
 * Parses requests, arrays of bulk strings or inline commands, from a stream that may be split anywhere. It shares no code with
 * the library: with shared code, both would have the same defects.
 */
export class RequestParser {
  #pieces: Buffer[] = []
  #available = 0
  /** The parser needs at least so many bytes to go on, so it does not look at a large argument again for each chunk. */
  #needed = 1
  /** Of the request that has begun. */
  #args: Buffer[] = []
  #argumentsLeft = 0
  #argumentLength: number | undefined
  #argumentBytes = 0

  /** Arguments of the incomplete request. */
  get begun(): readonly Buffer[] {
    return this.#args
  }

  /** Bytes of the incomplete request, without the lines between its arguments. */
  get unfinishedBytes(): number {
    return this.#argumentBytes + this.#available
  }

  /**
   * @param chunk is copied: the caller may reuse it
   * @returns the requests that these bytes complete, each as its arguments; empty lines are ignored
   * @throws RequestError if the bytes are invalid; requests before them are lost, and the parser can't be used any more
   */
  push(chunk: Uint8Array): Buffer[][] {
    const requests: Buffer[][] = []
    this.feed(chunk, (request) => requests.push(request))
    return requests
  }

  /** Like `push`, but calls back with each request, including those before an error. */
  feed(chunk: Uint8Array, onRequest: (args: Buffer[]) => void): void {
    this.#pieces.push(Buffer.from(chunk))
    this.#available += chunk.length
    if (this.#available < this.#needed) return
    const bytes = this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces)
    let position = 0
    for (;;) {
      const end = this.#step(bytes, position, onRequest)
      if (end === undefined) break
      position = end
    }
    const rest = bytes.subarray(position)
    this.#pieces = rest.length === 0 ? [] : [rest]
    this.#available = rest.length
    this.#needed = this.#argumentLength === undefined ? rest.length + 1 : this.#argumentLength + 2
  }

  /** Takes the next line or argument; undefined if it is not complete. */
  #step(bytes: Buffer, start: number, onRequest: (args: Buffer[]) => void): number | undefined {
    if (this.#argumentLength !== undefined) return this.#takeArgument(bytes, start, this.#argumentLength, onRequest)
    const newline = bytes.indexOf(10, start)
    if (newline === -1) {
      if (bytes.length - start > maxLineBytes) throw new RequestError('ERR Protocol error: too big inline request')
      return undefined
    }
    const text = bytes.toString('latin1', start, newline).replace(/\r$/, '')
    if (this.#argumentsLeft > 0) this.#argumentLength = argumentLength(text)
    else if (text.startsWith('*')) this.#argumentsLeft = argumentCount(text)
    else takeInline(text, onRequest)
    return newline + 1
  }

  #takeArgument(bytes: Buffer, start: number, length: number, onRequest: (args: Buffer[]) => void): number | undefined {
    const end = start + length
    if (bytes.length < end + 2) return undefined
    this.#args.push(bytes.subarray(start, end))
    this.#argumentBytes += length
    this.#argumentLength = undefined
    this.#argumentsLeft -= 1
    if (this.#argumentsLeft === 0) {
      const request = this.#args
      this.#args = []
      this.#argumentBytes = 0
      onRequest(request)
    }
    return end + 2
  }
}

function argumentCount(line: string): number {
  const count = decimal(line.slice(1))
  if (count === undefined || count > maxArguments)
    throw new RequestError('ERR Protocol error: invalid multibulk length')
  return Math.max(0, count)
}

function argumentLength(line: string): number {
  if (!line.startsWith('$')) {
    const found = line === '' ? ' ' : line.charAt(0)
    throw new RequestError(`ERR Protocol error: expected '$', got '${found}'`)
  }
  const length = decimal(line.slice(1))
  if (length === undefined || length < 0 || length > maxArgumentBytes) {
    throw new RequestError('ERR Protocol error: invalid bulk length')
  }
  return length
}

function decimal(text: string): number | undefined {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
}

function takeInline(line: string, onRequest: (args: Buffer[]) => void): void {
  const words = line.split(/\s+/).filter((word) => word !== '')
  if (words.length > 0) onRequest(words.map((word) => Buffer.from(word, 'latin1')))
}
