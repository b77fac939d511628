import type { CommandDescriptor } from '../commands/descriptor.js'
import { Commands } from '../commands/methods.js'
import type { Text } from '../commands/sender.js'
import { createTransaction, type Transaction } from '../commands/transaction.js'
import { type CallOptions, type ResolvedCallOptions, resolveCallOptions } from '../options/options.js'
import type { Argument } from '../protocol/types.js'
import { Dispatcher, type DispatchTarget } from './dispatcher.js'
import { hscanAll, type ScanOptions, scanAll, sscanAll, zscanAll } from './scan.js'

/**
 * The typed commands, sent by a client with the settings of one `with`. Cheap to make; share it where the settings are shared.
 *
 * @typeParam Bulk what bulk strings are decoded to: string, or Buffer with `buffers: true`
 * @typeParam Conflict null where keys may be watched, so that a transaction may come to nothing
 */
export class ScopedClient<Bulk extends string | Buffer = string, Conflict extends null = never> extends Commands<Bulk> {
  readonly #dispatcher: Dispatcher

  /** Made by `Client` and `with`. */
  constructor(target: DispatchTarget, settings: ResolvedCallOptions) {
    super()
    this.#dispatcher = new Dispatcher(target, settings)
  }

  /**
   * The same commands with other settings.
   *
   * @param options.signal withdraws what is queued, and frees the callers of what was sent, when it is aborted
   * @param options.timeout milliseconds from the call to its settling; 0 for no limit. Default: the client's
   * @param options.retry how far to go in repeating commands that may have run. Default: the client's, `idempotent`
   * @param options.maxAttempts how often a command may be sent. Default: the client's, 3
   * @param options.buffers bulk strings as Buffers. Default: the client's, false
   * @param options.maps RESP3 maps as `object` or `map`. Default: the client's, `object`
   * @param options.sets RESP3 sets as `array` or `set`. Default: the client's, `array`
   * @throws TypeError naming the option that is unknown or impossible
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
   * Begins a transaction: commands are collected, and sent together, never apart, when `exec` is called.
   * Server documentation: MULTI, EXEC.
   *
   * @example
   * const [count, name] = await client.multi().incr('visits').get('name').exec()
   */
  multi(): Transaction<Bulk, [], Conflict> {
    return createTransaction<Bulk, Conflict>((entries) => this.#dispatcher.executeTransaction(entries))
  }

  /**
   * All keys that match, one by one, a part being asked for when the part before has been consumed. What is there from the
   * beginning to the end comes at least once; what comes or goes meanwhile may come or not. Stops when the consumer stops.
   * Server documentation: SCAN.
   *
   * @param options.match pattern of the keys; default: all. A `keyPrefix` is not put before it
   * @param options.count about how many the server looks at for a part; default: the server's, 10
   * @param options.type of the keys, `'string'` ...; default: any
   *
   * @example
   * for await (const key of client.scanIterator({ match: 'user:*' })) console.log(key)
   */
  scanIterator(options: ScanOptions & { readonly type?: string } = {}): AsyncGenerator<Bulk> {
    return scanAll(this, options)
  }

  /** Fields and values of a hash, as {@link scanIterator}. Server documentation: HSCAN. */
  hscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<[field: Bulk, value: Bulk]> {
    return hscanAll(this, key, options)
  }

  /** Members of a set, as {@link scanIterator}. Server documentation: SSCAN. */
  sscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<Bulk> {
    return sscanAll(this, key, options)
  }

  /** Members of a sorted set with their scores, as {@link scanIterator}. Server documentation: ZSCAN. */
  zscanIterator(key: Text, options: ScanOptions = {}): AsyncGenerator<[member: Bulk, score: number]> {
    return zscanAll(this, key, options)
  }

  protected override execute<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    return this.#dispatcher.execute(descriptor, args)
  }
}
