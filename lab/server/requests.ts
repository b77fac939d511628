/**
 * Client frames, arrays of bulk strings, out of a stream that may be cut anywhere. Written for this server alone, not
 * shared with the library: a peer that shared its code would share its mistakes.
 */
export class RequestParser {
  #rest: Buffer = Buffer.alloc(0)

  /** @returns the requests that are complete with these bytes */
  push(chunk: Buffer): Buffer[][] {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk])
    const requests: Buffer[][] = []
    let position = 0
    for (;;) {
      const parsed = parseOne(this.#rest, position)
      if (parsed === undefined) break
      requests.push(parsed.request)
      position = parsed.end
    }
    this.#rest = this.#rest.subarray(position)
    return requests
  }
}

function parseOne(bytes: Buffer, start: number): { request: Buffer[]; end: number } | undefined {
  const header = lineAt(bytes, start)
  if (header === undefined) return undefined
  if (!header.text.startsWith('*')) {
    const words = header.text.split(' ').filter((word) => word !== '')
    return { request: words.map((word) => Buffer.from(word)), end: header.end }
  }
  const request: Buffer[] = []
  let position = header.end
  for (let left = Number(header.text.slice(1)); left > 0; left -= 1) {
    const length = lineAt(bytes, position)
    if (length === undefined) return undefined
    const end = length.end + Number(length.text.slice(1))
    if (bytes.length < end + 2) return undefined
    request.push(bytes.subarray(length.end, end))
    position = end + 2
  }
  return { request, end: position }
}

function lineAt(bytes: Buffer, start: number): { text: string; end: number } | undefined {
  const end = bytes.indexOf('\r\n', start)
  return end === -1 ? undefined : { text: bytes.toString('latin1', start, end), end: end + 2 }
}
