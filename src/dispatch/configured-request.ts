import { changedKeysOf } from '../commands/changed-keys.js'
import { allowsReplay, type RetryClass } from '../commands/retry.js'
import type { TransactionEntry } from '../commands/transaction-entries.js'
import { type ChangedKeys, Request } from '../connection/request/request.js'
import { ReplyError } from '../errors.js'
import type { ResolvedCallOptions, ResolvedOptions } from '../options/options.js'
import { resolveCallOptions } from '../options/resolve.js'
import { argumentChanged, fingerprintOfLengths, foldLength, isSendable, unsendable } from '../protocol/arguments.js'
import { byteLengthOf } from '../protocol/byte-arrays.js'
import { withoutArguments } from '../protocol/quoted-arguments.js'
import type { Argument, DecodeMode, ErrorReply } from '../protocol/types.js'

/** Returns the call options of a client, before any `with`. */
export function settingsOf(options: ResolvedOptions): ResolvedCallOptions {
  return resolveCallOptions({}, options)
}

/** A request with the options of a client, a session or a `with`. */
export abstract class ConfiguredRequest extends Request {
  readonly settings: ResolvedCallOptions
  /** Fingerprint of the lengths that the byte arrays had at the call; 0 if there are no byte arrays. */
  #lengths = 0

  constructor(resolve: (value: unknown) => void, reject: (error: unknown) => void, settings: ResolvedCallOptions) {
    super(resolve, reject)
    this.settings = settings
  }

  protected override get hasCaller(): boolean {
    return true
  }

  override get mode(): DecodeMode {
    return this.settings
  }

  override get timeout(): number {
    return this.settings.timeout
  }

  override get maxAttempts(): number {
    return this.settings.maxAttempts
  }

  protected abstract get retryClass(): RetryClass
  /** The commands that are sent: one, or those of a transaction. */
  abstract get commands(): readonly TransactionEntry[]

  override get isRead(): boolean {
    return this.retryClass === 'read'
  }

  override get isIdempotent(): boolean {
    return allowsReplay('idempotent', this.retryClass)
  }

  override mayReplay(): boolean {
    return allowsReplay(this.settings.retry, this.retryClass)
  }

  override changedKeys(): ChangedKeys {
    // Once the request is settled, its byte arrays belong to the caller again, and may have other contents.
    return this.state === 'settled' && this.#lengths !== 0 ? 'all' : changedKeysOf(this.commands)
  }

  /** Creates the error for an error reply. */
  protected refusedBy(reply: ErrorReply): ReplyError {
    const [only] = this.commands
    return new ReplyError(withoutArguments(reply.message, only?.args.slice(1) ?? []), this.detailsOf('refused'))
  }

  /**
   * Checks the arguments of a command at the call, and adds their size to `bytes`.
   * @throws TypeError that names an argument that can't be sent
   */
  protected takeIn(args: readonly Argument[]): void {
    let size = 0
    for (let i = 0; i < args.length; i += 1) {
      const arg = args[i]
      if (typeof arg === 'string') size += arg.length + 8
      else if (!isSendable(arg)) throw unsendable(i, arg)
      else if (typeof arg === 'object') {
        const length = byteLengthOf(arg)
        this.#lengths = foldLength(this.#lengths, length)
        size += length + 8
      } else size += 16
    }
    this.bytes += size
  }

  /**
   * Checks that no argument was detached or resized since the call. Called before encoding, because such an argument could not
   * be sent as it was passed.
   * @throws TypeError if an argument was detached or resized
   */
  protected checkUnchanged(): void {
    if (this.#lengths === 0) return
    const lengths = this.commands.reduce((sum, { args }) => fingerprintOfLengths(args, sum), 0)
    if (lengths !== this.#lengths) {
      throw new TypeError(argumentChanged)
    }
  }
}
