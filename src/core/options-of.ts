import type { DefaultReplies, ReplyOptions } from '../commands/types/replies.js'
import type { ClientOptions } from '../options/options.js'

/**
 * The options of a client whose replies have known types; by default, the options of `Client` without type arguments. A variable
 * of type ClientOptions may hold any options, so each reply of a client that is created from it has a union of types.
 */
export type ClientOptionsOf<O extends ReplyOptions = DefaultReplies> = Omit<ClientOptions, keyof ReplyOptions> & {
  readonly [Name in keyof ClientOptions & keyof ReplyOptions as DefaultReplies[Name] extends O[Name]
    ? never
    : Name]: O[Name]
} & {
  readonly [Name in keyof ClientOptions & keyof ReplyOptions]?: O[Name] | undefined
}

/** The arguments of a constructor, if the default options result in these replies; otherwise no arguments are accepted. */
export type DefaultsOf<O extends ReplyOptions> =
  Record<never, never> extends ClientOptionsOf<O>
    ? [url?: string | URL | ClientOptionsOf<O>, options?: ClientOptionsOf<O>]
    : [never]
