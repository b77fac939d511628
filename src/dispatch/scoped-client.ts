import type { CommandDescriptor } from '../commands/descriptor.js'
import { Commands } from '../commands/methods.js'
import type { Text } from '../commands/sender.js'
import { createTransaction, type Transaction } from '../commands/transaction.js'
import type { CallOptions, ResolvedCallOptions } from '../options/options.js'
import { resolveCallOptions } from '../options/resolve.js'
import type { Argument } from '../protocol/types.js'
import { Dispatcher, type DispatchTarget } from './dispatcher.js'
import { hscanAll, type ScanOptions, scanAll, sscanAll, zscanAll } from './scan.js'

/**
 * The typed commands of a client, with the options of a `with`. Creating one is cheap; it can be kept and reused.
 *
 * @typeParam Bulk the type of bulk strings: string, or Buffer with `buffers: true`
 * @typeParam Conflict null in a session: `exec` of a transaction resolves to null if a watched key was changed
 */
export class ScopedClient<Bulk extends string | Buffer = string, Conflict extends null = never> extends Commands<Bulk> {
  readonly #dispatcher: Dispatcher

  /** Created by `createClient` and `with`. */
  constructor(target: DispatchTarget, settings: ResolvedCallOptions) {
    super()
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
  with(options: CallOptions & { readonly buffers: true }): ScopedClient<Buffer, Conflict>
  with(options: CallOptions & { readonly buffers: false }): ScopedClient<string, Conflict>
  with(options: CallOptions): ScopedClient<Bulk, Conflict>
  with(options: CallOptions): ScopedClient<string | Buffer, Conflict> {
    const { target, settings } = this.#dispatcher
    return new ScopedClient(target, resolveCallOptions(options, settings))
  }

  /**
   * Begins a transaction. It collects commands; `exec` sends them together. Server documentation: MULTI, EXEC.
   *
   * @example
   * const [count, name] = await client.multi().incr('visits').get('name').exec()
   */
  multi(): Transaction<Bulk, [], Conflict> {
    return createTransaction<Bulk, Conflict>((entries) => this.#dispatcher.executeTransaction(entries))
  }

  /**
   * Iterates over all keys that match. It calls SCAN again when the keys of the last reply have been read. A key that
   * exists during the whole scan is returned at least once; one added or deleted meanwhile may be missed. Server
   * documentation: SCAN.
   *
   * @param options.match pattern of the keys, without `keyPrefix`, which is not added to it; default: all
   * @param options.count about how many keys the server examines per call; default: the server's, 10
   * @param options.type type of the keys, for example `'string'`; default: any
   * @throws the errors of SCAN, from `next()`
   *
   * @example
   * for await (const key of client.scanIterator({ match: 'user:*' })) console.log(key)
   */
  scanIterator(options: ScanOptions & { readonly type?: string } = {}): AsyncGenerator<Bulk> {
    return scanAll(this, options)
  }

  /** Like {@link scanIterator}, for the fields and values of a hash. Server documentation: HSCAN. */
  hscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<[field: Bulk, value: Bulk]> {
    return hscanAll(this, key, options)
  }

  /** Like {@link scanIterator}, for the members of a set. Server documentation: SSCAN. */
  sscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<Bulk> {
    return sscanAll(this, key, options)
  }

  /** Like {@link scanIterator}, for the members and scores of a sorted set. Server documentation: ZSCAN. */
  zscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<[member: Bulk, score: number]> {
    return zscanAll(this, key, options)
  }

  protected override execute<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    return this.#dispatcher.execute(descriptor, args)
  }
}
