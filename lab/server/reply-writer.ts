import type { ServerReply } from './reply.js'

/** The protocol version of a connection. */
export type ProtocolVersion = 2 | 3

/** Encodes a reply in one protocol version. RESP2 has no maps, sets and doubles: it uses arrays and bulk strings instead. */
export function writeReply(reply: ServerReply, protocol: ProtocolVersion): Buffer {
  const chunks: Buffer[] = []
  append(chunks, reply, protocol)
  return Buffer.concat(chunks)
}

const aggregates = { array: '*', set: '~', push: '>' } as const

function append(chunks: Buffer[], reply: ServerReply, protocol: ProtocolVersion): void {
  const isResp3 = protocol === 3
  switch (reply.type) {
    case 'simple':
      chunks.push(line('+', reply.text))
      return
    case 'error':
      chunks.push(line('-', reply.text))
      return
    case 'integer':
      chunks.push(line(':', reply.value))
      return
    case 'double':
      if (isResp3) chunks.push(line(',', formatDouble(reply.value)))
      else appendBulk(chunks, '$', Buffer.from(formatDouble(reply.value)))
      return
    case 'bulk':
      appendBulk(chunks, '$', reply.value)
      return
    case 'verbatim':
      if (isResp3) appendBulk(chunks, '=', Buffer.from(`txt:${reply.text}`))
      else appendBulk(chunks, '$', Buffer.from(reply.text))
      return
    case 'null':
      chunks.push(isResp3 ? line('_', '') : line('$', -1))
      return
    case 'null-array':
      chunks.push(isResp3 ? line('_', '') : line('*', -1))
      return
    case 'array':
    case 'set':
    case 'push':
      chunks.push(line(isResp3 ? aggregates[reply.type] : '*', reply.items.length))
      for (const item of reply.items) append(chunks, item, protocol)
      return
    case 'map':
      chunks.push(isResp3 ? line('%', reply.pairs.length) : line('*', reply.pairs.length * 2))
      for (const item of reply.pairs.flat()) append(chunks, item, protocol)
      return
    case 'map-of-arrays':
      chunks.push(line(isResp3 ? '%' : '*', reply.pairs.length))
      for (const pair of reply.pairs) {
        if (!isResp3) chunks.push(line('*', pair.length))
        for (const item of pair) append(chunks, item, protocol)
      }
      return
    case 'tuples':
      chunks.push(line('*', isResp3 ? reply.pairs.length : reply.pairs.length * 2))
      for (const pair of reply.pairs) {
        if (isResp3) chunks.push(line('*', pair.length))
        for (const item of pair) append(chunks, item, protocol)
      }
  }
}

function line(type: string, text: string | number | bigint): Buffer {
  return Buffer.from(`${type}${text}\r\n`)
}

function appendBulk(chunks: Buffer[], type: string, value: Buffer): void {
  chunks.push(line(type, value.length), value, Buffer.from('\r\n'))
}

function formatDouble(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf'
  if (value === Number.NEGATIVE_INFINITY) return '-inf'
  // The shortest form of the number. Real servers differ in exponents and long fractions.
  return Object.is(value, -0) ? '-0' : String(value)
}
