import type { CommandDescriptor } from '../commands/descriptor.js'
import type { TypedCommands } from '../commands/generated/all.js'
import { defineMethods } from '../commands/methods.js'
import { createTransaction, type Transaction } from '../commands/transaction.js'
import { TypedExecutor } from '../commands/typed-executor.js'
import type { Text } from '../commands/types/arguments.js'
import type { Bulk, Calls, DefaultReplies, Only, RepliesOf, ReplyOptions } from '../commands/types/replies.js'
import type { CallOptions, ResolvedCallOptions } from '../options/options.js'
import { resolveCallOptions } from '../options/resolve.js'
import type { Argument } from '../protocol/types.js'
import { Dispatcher, type DispatchTarget } from './dispatcher.js'
import { hscanAll, type ScanOptions, scanAll, sscanAll, zscanAll } from './scan.js'

// biome-ignore lint/correctness/noUnusedVariables: the class has the same type parameters
export interface ScopedClient<O extends ReplyOptions = DefaultReplies, Conflict extends null = never>
  extends TypedCommands<Calls<O>> {}

/**
 * The typed commands of a client, with the options of a `with`. Creating one is cheap; it can be kept and reused.
 *
 * @typeParam O the options that decide the types of replies
 * @typeParam Conflict null in a session: `exec` of a transaction resolves to null if a watched key was changed
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor defines the methods, see `defineMethods`
export class ScopedClient<
  O extends ReplyOptions = DefaultReplies,
  Conflict extends null = never,
> extends TypedExecutor {
  readonly #dispatcher: Dispatcher

  /**
   * Created by `createClient` and `with`.
   * @internal
   */
  constructor(target: DispatchTarget, settings: ResolvedCallOptions) {
    super()
    defineMethods(ScopedClient.prototype, false)
    this.#dispatcher = new Dispatcher(target, settings)
  }

  /**
   * The same client with other options.
   *
   * @param options see CallOptions; default: the options of this client
   * @throws TypeError that names an unknown or invalid option
   *
   * @example
   * const value = await client.with({ timeout: 200, buffers: true }).get('k') // Buffer | null
   */
  with<const Given extends CallOptions>(
    options: Only<CallOptions, Given>,
  ): ScopedClient<RepliesOf<Given, O>, Conflict> {
    const { target, settings } = this.#dispatcher
    return new ScopedClient(target, resolveCallOptions(options, settings))
  }

  /**
   * Begins a transaction. It collects commands; `exec` sends them together. Server documentation: MULTI, EXEC.
   *
   * @example
   * const [count, name] = await client.multi().incr('visits').get('name').exec()
   */
  multi(): Transaction<O, [], Conflict>
  multi(...surplus: readonly unknown[]): Transaction<O, [], Conflict> {
    const dispatcher = this.#dispatcher
    return createTransaction((entries) => dispatcher.executeTransaction(entries), dispatcher.target, surplus)
  }

  /**
   * Iterates over all keys that match. It calls SCAN again when the keys of the last reply have been read. A key that
   * exists during the whole scan is returned at least once, even if the server restarts or fails over during the scan. When
   * the connection was replaced, the scan begins again, and keys may be returned twice. A key that is added or deleted during
   * the scan may be missed. Server documentation: SCAN.
   *
   * @param options.match pattern of the keys, without `keyPrefix`, which is added to it; default: all keys with the prefix
   * @param options.count about how many keys the server examines per call; default: the server's, 10
   * @param options.type type of the keys, for example `'string'`; default: any
   * @throws the errors of SCAN, or UsageError for an unknown option, from `next()`
   *
   * @example
   * for await (const key of client.scanIterator({ match: 'user:*' })) console.log(key)
   */
  scanIterator(options: ScanOptions & { readonly type?: string } = {}): AsyncGenerator<Bulk<O>> {
    return scanAll(this.#dispatcher, options)
  }

  /** Like {@link scanIterator}, for the fields and values of a hash. Server documentation: HSCAN. */
  hscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<[field: Bulk<O>, value: Bulk<O>]> {
    return hscanAll(this.#dispatcher, key, options)
  }

  /** Like {@link scanIterator}, for the members of a set. Server documentation: SSCAN. */
  sscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<Bulk<O>> {
    return sscanAll(this.#dispatcher, key, options)
  }

  /** Like {@link scanIterator}, for the members and scores of a sorted set. Server documentation: ZSCAN. */
  zscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<[member: Bulk<O>, score: number]> {
    return zscanAll(this.#dispatcher, key, options)
  }

  protected override execute<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    return this.#dispatcher.execute(descriptor, args)
  }
}
