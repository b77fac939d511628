/** Bytes to decode, and their content. */
export interface Workload {
  readonly name: string
  readonly bytes: Buffer
  /** The unit of a figure: an element, a reply ... */
  readonly unit: string
  readonly units: number
  readonly replies: number
  readonly buffers?: boolean
  readonly resp3?: boolean
}

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
const times = (count: number, of: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => of(i)).join('')
const largeBulk = (bytes: number): Buffer =>
  Buffer.concat([Buffer.from(`$${bytes}\r\n`), Buffer.alloc(bytes, 'x'), Buffer.from('\r\n')])

/** In bytes. */
export const megabyte = 2 ** 20
const thousand = 1_000

const perReply = { unit: 'reply', units: thousand, replies: thousand }
const perElement = { unit: 'element', units: thousand, replies: 1 }

/** In the order of the report. */
export const workloads: readonly Workload[] = [
  {
    name: 'burst of 1,000 bulks of 7 characters',
    bytes: Buffer.from(times(thousand, (i) => bulk(`val:${(i % 900) + 100}`))),
    ...perReply,
  },
  { name: 'burst of 1,000 +OK', bytes: Buffer.from('+OK\r\n'.repeat(thousand)), ...perReply },
  { name: 'burst of 1,000 integers', bytes: Buffer.from(times(thousand, (i) => `:${i * 37}\r\n`)), ...perReply },
  {
    name: 'LRANGE 1,000, 8 characters',
    bytes: Buffer.from(`*1000\r\n${times(thousand, (i) => bulk(`item${1000 + i}`))}`),
    ...perElement,
  },
  {
    name: 'LRANGE 1,000, 36 characters',
    bytes: Buffer.from(`*1000\r\n${times(thousand, (i) => bulk(`${i}`.padStart(36, '0')))}`),
    ...perElement,
  },
  {
    name: 'LRANGE 1,000, a tenth not ASCII',
    bytes: Buffer.from(`*1000\r\n${times(thousand, (i) => bulk(i % 10 === 0 ? `é${i}` : `item${i}`))}`),
    ...perElement,
  },
  {
    name: 'LRANGE 1,000, 8 bytes, as Buffers',
    bytes: Buffer.from(`*1000\r\n${times(thousand, (i) => bulk(`item${1000 + i}`))}`),
    ...perElement,
    buffers: true,
  },
  {
    name: 'HGETALL 1,000 fields (RESP3 map)',
    bytes: Buffer.from(`%1000\r\n${times(thousand, (i) => bulk(`field:${i}`) + bulk(`value:${i}`))}`),
    unit: 'field',
    units: thousand,
    replies: 1,
    resp3: true,
  },
  {
    name: 'HGETALL 10 fields, 100 of them (RESP3 map)',
    bytes: Buffer.from(times(100, () => `%10\r\n${times(10, (i) => bulk(`field:${i}`) + bulk(`value:${i}`))}`)),
    unit: 'field',
    units: thousand,
    replies: 100,
    resp3: true,
  },
  {
    name: 'ZRANGE 1,000 scores (RESP3 doubles)',
    bytes: Buffer.from(`*1000\r\n${times(thousand, (i) => `,${i / 8}\r\n`)}`),
    ...perElement,
    resp3: true,
  },
  {
    name: 'XRANGE 250 entries (nested arrays)',
    bytes: Buffer.from(
      `*250\r\n${times(250, (i) => `*2\r\n${bulk(`1700000000000-${i}`)}*2\r\n${bulk('f')}${bulk(`v${i}`)}`)}`,
    ),
    unit: 'entry',
    units: 250,
    replies: 1,
  },
  { name: '8 MB bulk as Buffer', bytes: largeBulk(8 * megabyte), unit: 'MB', units: 8, replies: 1, buffers: true },
  { name: '8 MB bulk as text', bytes: largeBulk(8 * megabyte), unit: 'MB', units: 8, replies: 1 },
  {
    name: '100 MB bulk as Buffer',
    bytes: largeBulk(100 * megabyte),
    unit: 'MB',
    units: 100,
    replies: 1,
    buffers: true,
  },
  {
    name: '200 MB bulk as Buffer',
    bytes: largeBulk(200 * megabyte),
    unit: 'MB',
    units: 200,
    replies: 1,
    buffers: true,
  },
]
