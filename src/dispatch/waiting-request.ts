import type { CommandDescriptor, WaitArgument } from '../commands/descriptor.js'
import { numberOf } from '../commands/words.js'
import type { BlockingRequest } from '../connection/leased/unblock.js'
import type { Rejection } from '../connection/request/request.js'
import { prefixOf } from '../errors.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import { type Argument, ErrorReply, type Reply } from '../protocol/types.js'
import { CommandRequest } from './command-request.js'

/** A command that may wait on the server, or for the server to stop. */
export class WaitingRequest extends CommandRequest implements BlockingRequest {
  waited = 0
  giveUp: Rejection | null = null
  readonly #wait: WaitArgument

  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    command: {
      readonly descriptor: CommandDescriptor
      readonly args: readonly Argument[]
      readonly wait: WaitArgument
    },
  ) {
    super(resolve, reject, settings, command.descriptor, command.args)
    this.#wait = command.wait
  }

  /**
   * Alone, so that a server that stops closes the connection normally. With requests behind it, the connection would be reset,
   * which may also happen in the network.
   */
  override get isSentAlone(): boolean {
    return this.isAnsweredByClose || super.isSentAlone
  }

  override get isAnsweredByClose(): boolean {
    return this.#wait.unit === 0 && this.replyMode?.isQuiet !== true
  }

  override get serverWait(): number {
    const { position, unit } = this.#wait
    const given = numberOf(this.args[position]) * unit
    if (given === 0) return Infinity
    // The server refuses an invalid value without waiting. The result is at least 1 ms, because 0 means to wait without limit.
    return given > 0 ? Math.max(1, given - this.waited) : 0
  }

  protected override append(encoder: Encoder): void {
    const { serverWait } = this
    if (this.waited === 0 || serverWait === 0 || serverWait === Infinity) {
      encoder.appendChecked(this.args)
      return
    }
    const { position, unit } = this.#wait
    const left = unit === 1 ? Math.ceil(serverWait) : serverWait / unit
    encoder.appendChecked(this.args.with(position, left))
  }

  override mayReplay(): boolean {
    return this.giveUp === null && super.mayReplay()
  }

  override answer(reply: Reply, hasNestedErrors: boolean): void {
    if (this.giveUp !== null && tookNothing(reply)) this.fail('not-executed', this.giveUp)
    else super.answer(reply, hasNestedErrors)
  }
}

/** Whether the reply shows that the wait ended and the command took nothing. Server documentation: CLIENT UNBLOCK. */
function tookNothing(reply: Reply): boolean {
  return reply === null || (reply instanceof ErrorReply && prefixOf(reply.message) === 'UNBLOCKED')
}
