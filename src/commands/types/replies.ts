import type { Reply } from '../../protocol/types.js'

/** The options that decide the types of replies. If an option is not known at compile time, these types are unions. */
export interface ReplyOptions {
  readonly buffers: boolean
  readonly maps: 'object' | 'map'
  readonly sets: 'array' | 'set'
  readonly integers: 'number' | 'bigint'
  readonly raw: boolean
}

/** The defaults of these options. */
export interface DefaultReplies extends ReplyOptions {
  readonly buffers: false
  readonly maps: 'object'
  readonly sets: 'array'
  readonly integers: 'number'
  readonly raw: false
}

/** A bulk string. */
export type Bulk<O extends Pick<ReplyOptions, 'buffers'>> = { true: Buffer; false: string }[`${O['buffers']}`]

/** The reply to INCR and related commands. As a number, it can't be beyond 2^53: see IntegerTooLargeError. */
export type Int<C extends Pick<CallContext, 'integers' | 'tooLarge'>> = {
  number: number | C['tooLarge']
  bigint: bigint
}[C['integers']]

/** A time, or the time left. */
export type Time<C extends Pick<CallContext, 'tooLarge'>> = number | C['tooLarge']

/** Several of these. If one of them is beyond 2^53, there is no list. */
export type Times<C extends Pick<CallContext, 'tooLarge'>> = number[] | C['tooLarge']

/** A map whose values have one type. */
export type MapOf<O extends ReplyOptions, V> = { object: Record<string, V>; map: Map<Bulk<O>, V> }[O['maps']]

/** Like {@link MapOf}, but the server sends the names as simple strings, which are text even with `buffers`. */
export type TextMapOf<O extends ReplyOptions, V> = { object: Record<string, V>; map: Map<string, V> }[O['maps']]

/** A set, whose elements are distinct. */
export type SetOf<O extends ReplyOptions, T> = { array: T[]; set: Set<T> }[O['sets']]

/** A part of a scan. */
export interface ScanReply<B> {
  /** The cursor for the next call; `'0'` at the end. */
  readonly cursor: string
  readonly elements: B[]
}

/** An entry of a stream. */
export interface StreamEntry<B> {
  readonly id: string
  /** In the order of XADD; a name may occur twice. Null if the entry was deleted. */
  readonly fields: [field: B, value: B][] | null
  /** Only from XREADGROUP with CLAIM: for how many milliseconds the entry had been pending. */
  readonly idle?: number
  /** Only from XREADGROUP with CLAIM: how many times the entry was delivered before. */
  readonly deliveries?: number
}

/**
 * The context of typed methods: the reply options, and what a method returns for a reply. `value` is a placeholder, which each
 * method replaces by the type of its reply.
 */
export interface CallContext extends ReplyOptions {
  readonly value: unknown
  readonly sent: unknown
  /** The type that is returned for an integer beyond 2^53; `never` if the call rejects instead. */
  readonly tooLarge: unknown
}

/** What a method returns: a promise of the reply, or a transaction with one more result. */
export type Sent<C extends CallContext, T> = (C & {
  readonly value: { true: Reply; false: T }[`${C['raw']}`]
})['sent']

/** The context of a client, whose methods return promises. */
export interface Calls<O extends ReplyOptions> extends CallContext {
  readonly buffers: O['buffers']
  readonly maps: O['maps']
  readonly sets: O['sets']
  readonly integers: O['integers']
  readonly raw: O['raw']
  readonly sent: Promise<this['value']>
  readonly tooLarge: never
}

/** The reply options of a new client or of a `with`: the options that are passed, and the defaults for all others. */
export type RepliesOf<Given, O extends ReplyOptions = DefaultReplies> = {
  readonly [Name in keyof ReplyOptions]: Name extends keyof Given
    ? undefined extends Given[Name]
      ? O[Name] | (Exclude<Given[Name], undefined> & ReplyOptions[Name])
      : Given[Name] & ReplyOptions[Name]
    : O[Name]
}

/** Rejects unknown option names. TypeScript does this itself only if the type is not inferred. */
export type Only<Options, Given extends Options> = Given & {
  readonly [Name in Exclude<keyof Given, keyof Options>]: never
}
