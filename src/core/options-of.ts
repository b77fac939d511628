import type { DefaultReplies, ReplyOptions } from '../commands/types/replies.js'
import type { ClientOptions } from '../options/options.js'

/**
 * The options of a client whose replies have known types; by default, the options of `Client` without type arguments. A variable
 * of type ClientOptions may hold any options, so the replies of its client are of any of their types.
 */
export type ClientOptionsOf<O extends ReplyOptions = DefaultReplies> = Omit<ClientOptions, keyof ReplyOptions> & {
  readonly [Name in keyof ClientOptions & keyof ReplyOptions as DefaultReplies[Name] extends O[Name]
    ? never
    : Name]: O[Name]
} & {
  readonly [Name in keyof ClientOptions & keyof ReplyOptions]?: O[Name] | undefined
}

/** The arguments of a constructor if the defaults give these replies; otherwise none are right. */
export type DefaultsOf<O extends ReplyOptions> =
  Record<never, never> extends ClientOptionsOf<O>
    ? [url?: string | URL | ClientOptionsOf<O>, options?: ClientOptionsOf<O>]
    : [never]
