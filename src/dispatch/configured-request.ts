import { allowsReplay, type RetryClass } from '../commands/retry.js'
import { Request } from '../connection/request/request.js'
import { ReplyError } from '../errors.js'
import { type ResolvedCallOptions, type ResolvedOptions, resolveCallOptions } from '../options/options.js'
import { fingerprintOfLengths, foldLength, isSendable, unsendable } from '../protocol/arguments.js'
import { byteLengthOf } from '../protocol/byte-arrays.js'
import type { Argument, DecodeMode, ErrorReply } from '../protocol/types.js'

/** What holds for every command of a client, before any `with`. */
export function settingsOf(options: ResolvedOptions): ResolvedCallOptions {
  return resolveCallOptions({}, options)
}

/** A request that goes by the settings of a client, a session or one `with`. */
export abstract class ConfiguredRequest extends Request {
  protected readonly settings: ResolvedCallOptions
  /** Of the byte arrays among its arguments, as they were at the call; 0 where there are none. */
  #lengths = 0

  constructor(resolve: (value: unknown) => void, reject: (error: unknown) => void, settings: ResolvedCallOptions) {
    super(resolve, reject)
    this.settings = settings
  }

  override get mode(): DecodeMode {
    return this.settings
  }

  override get timeout(): number {
    return this.settings.timeout
  }

  override get serverWait(): number {
    return 0
  }

  override get maxAttempts(): number {
    return this.settings.maxAttempts
  }

  protected abstract get retryClass(): RetryClass

  override mayReplay(): boolean {
    return allowsReplay(this.settings.retry, this.retryClass)
  }

  /** The error of an answer of the server's that is one. */
  protected refusedBy(reply: ErrorReply): ReplyError {
    return new ReplyError(reply.message, this.detailsOf('refused'))
  }

  /**
   * Checks the arguments of a command, at the call, and adds up their size.
   * @throws TypeError naming an argument that can't be sent
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
   * To be called before its frames are made: memory that was detached or resized since the call would be sent as something
   * else than what was passed.
   * @throws TypeError when an argument is not as it was
   */
  protected checkUnchanged(...commands: readonly (readonly Argument[])[]): void {
    if (this.#lengths === 0) return
    const lengths = commands.reduce((sum, args) => fingerprintOfLengths(args, sum), 0)
    if (lengths !== this.#lengths) {
      throw new TypeError('an argument was detached or resized before it was sent: pass a copy, or keep it until then')
    }
  }
}
