// An encoder of replies, written from the RESP specification and independent of src. Tests use it for what a server
// sends, so that only the decoder is under test.

type Part = Buffer | string

const join = (...parts: readonly Part[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
const line = (type: string, text: string | number | bigint): Buffer => join(`${type}${text}\r\n`)
const payload = (type: string, content: Part): Buffer => {
  const bytes = Buffer.from(content as string)
  return join(line(type, bytes.length), bytes, '\r\n')
}
const aggregate = (type: string, items: readonly Buffer[]): Buffer => join(line(type, items.length), ...items)
const pairs = (type: string, items: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  join(line(type, items.length), ...items.flat())

/** What a server sends. Each function returns the bytes of one value. */
export const server = {
  simple: (text: string) => line('+', text),
  error: (text: string) => line('-', text),
  integer: (value: number | bigint | string) => line(':', value),
  bulk: (content: Part) => payload('$', content),
  nullBulk: () => join('$-1\r\n'),
  nullArray: () => join('*-1\r\n'),
  null: () => join('_\r\n'),
  boolean: (value: boolean) => line('#', value ? 't' : 'f'),
  double: (text: string) => line(',', text),
  bigNumber: (text: string | bigint) => line('(', text),
  bulkError: (text: string) => payload('!', text),
  verbatim: (format: string, text: string) => payload('=', `${format}:${text}`),
  array: (...items: Buffer[]) => aggregate('*', items),
  set: (...items: Buffer[]) => aggregate('~', items),
  push: (...items: Buffer[]) => aggregate('>', items),
  map: (...items: (readonly [Buffer, Buffer])[]) => pairs('%', items),
  attribute: (...items: (readonly [Buffer, Buffer])[]) => pairs('|', items),
  streamedString: (...parts: Part[]) => join('$?\r\n', ...parts.map((part) => payload(';', part)), ';0\r\n'),
  streamedArray: (...items: Buffer[]) => join('*?\r\n', ...items, '.\r\n'),
  streamedSet: (...items: Buffer[]) => join('~?\r\n', ...items, '.\r\n'),
  streamedPush: (...items: Buffer[]) => join('>?\r\n', ...items, '.\r\n'),
  streamedMap: (...items: (readonly [Buffer, Buffer])[]) => join('%?\r\n', ...items.flat(), '.\r\n'),
  /** Raw bytes that need not be a value. */
  raw: (text: string) => Buffer.from(text, 'latin1'),
  /** Several values, one after the other. */
  stream: (...values: Buffer[]) => Buffer.concat(values),
}
