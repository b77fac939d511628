/** What the built-in server answers, before it is put into bytes. */
export type ServerReply =
  | { readonly type: 'simple' | 'error'; readonly text: string }
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'bulk'; readonly value: Buffer }
  | { readonly type: 'null' }
  | { readonly type: 'array'; readonly items: readonly ServerReply[] }
  | { readonly type: 'map'; readonly pairs: readonly (readonly [ServerReply, ServerReply])[] }

export const simple = (text: string): ServerReply => ({ type: 'simple', text })
export const ok = simple('OK')
export const error = (text: string): ServerReply => ({ type: 'error', text })
export const integer = (value: number): ServerReply => ({ type: 'integer', value })
export const bulk = (value: Buffer | string): ServerReply => ({ type: 'bulk', value: Buffer.from(value) })
export const nothing: ServerReply = { type: 'null' }
export const array = (items: readonly ServerReply[]): ServerReply => ({ type: 'array', items })
export const map = (pairs: readonly (readonly [ServerReply, ServerReply])[]): ServerReply => ({ type: 'map', pairs })

/** A reply in bytes. RESP2 has no maps: they become arrays of keys and values in turn. */
export function encodeReply(reply: ServerReply, protocol: 2 | 3): Buffer {
  switch (reply.type) {
    case 'simple':
      return Buffer.from(`+${reply.text}\r\n`)
    case 'error':
      return Buffer.from(`-${reply.text}\r\n`)
    case 'integer':
      return Buffer.from(`:${reply.value}\r\n`)
    case 'bulk':
      return Buffer.concat([Buffer.from(`$${reply.value.length}\r\n`), reply.value, Buffer.from('\r\n')])
    case 'null':
      return Buffer.from(protocol === 3 ? '_\r\n' : '$-1\r\n')
    case 'array':
      return aggregate('*', reply.items.length, reply.items, protocol)
    case 'map': {
      const items = reply.pairs.flat()
      return protocol === 3
        ? aggregate('%', reply.pairs.length, items, protocol)
        : aggregate('*', items.length, items, protocol)
    }
  }
}

function aggregate(type: string, length: number, items: readonly ServerReply[], protocol: 2 | 3): Buffer {
  return Buffer.concat([Buffer.from(`${type}${length}\r\n`), ...items.map((item) => encodeReply(item, protocol))])
}
