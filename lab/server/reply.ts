/**
 * The replies of the server model, before they are encoded in one of the protocol versions.
 *
 * Types that RESP2 and RESP3 encode differently are named after their meaning: `tuples` (ZRANGE WITHSCORES), `null-array`
 * (an EXEC that did not run), `map-of-arrays` (XREAD: pairs in RESP2).
 */
export type ServerReply =
  | { readonly type: 'simple' | 'error' | 'verbatim'; readonly text: string }
  | { readonly type: 'integer'; readonly value: number | bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'bulk'; readonly value: Buffer }
  | { readonly type: 'null' | 'null-array' }
  | { readonly type: 'array' | 'set' | 'push'; readonly items: readonly ServerReply[] }
  | { readonly type: 'map' | 'tuples' | 'map-of-arrays'; readonly pairs: readonly Pair[] }

/** A key and its value, or a member and its score. */
export type Pair = readonly [ServerReply, ServerReply]

export const simple = (text: string): ServerReply => ({ type: 'simple', text })
export const error = (text: string): ServerReply => ({ type: 'error', text })
export const verbatim = (text: string): ServerReply => ({ type: 'verbatim', text })
export const integer = (value: number | bigint): ServerReply => ({ type: 'integer', value })
export const double = (value: number): ServerReply => ({ type: 'double', value })
export const bulk = (value: Buffer | string): ServerReply => ({ type: 'bulk', value: Buffer.from(value) })
export const array = (items: readonly ServerReply[]): ServerReply => ({ type: 'array', items })
export const set = (items: readonly ServerReply[]): ServerReply => ({ type: 'set', items })
/** A push in RESP3, an ordinary array in RESP2. */
export const push = (items: readonly ServerReply[]): ServerReply => ({ type: 'push', items })
export const map = (pairs: readonly Pair[]): ServerReply => ({ type: 'map', pairs })
export const tuples = (pairs: readonly Pair[]): ServerReply => ({ type: 'tuples', pairs })

export const ok = simple('OK')
export const nothing: ServerReply = { type: 'null' }
export const noArray: ServerReply = { type: 'null-array' }

/** Errors of several commands, with the texts of real servers. */
export const errors = {
  wrongType: error('WRONGTYPE Operation against a key holding the wrong kind of value'),
  notAnInteger: error('ERR value is not an integer or out of range'),
  notAFloat: error('ERR value is not a valid float'),
  notPositive: error('ERR value is out of range, must be positive'),
  overflow: error('ERR increment or decrement would overflow'),
  syntax: error('ERR syntax error'),
  arity: (name: string): ServerReply => error(`ERR wrong number of arguments for '${name.toLowerCase()}' command`),
  expiry: (name: string): ServerReply => error(`ERR invalid expire time in '${name.toLowerCase()}' command`),
} as const
