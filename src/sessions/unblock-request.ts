import type { CommandDescriptor } from '../commands/descriptor.js'
import { CommandRequest } from '../dispatch/command-request.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import type { Argument } from '../protocol/types.js'

/** CLIENT UNBLOCK. It must only be sent to the server process that holds the connection to be unblocked. */
export class UnblockRequest extends CommandRequest {
  readonly #isSameServer: () => boolean

  /** @param isSameServer called when the command is sent; returns whether its connection leads to the same server process */
  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    descriptor: CommandDescriptor,
    args: readonly Argument[],
    isSameServer: () => boolean,
  ) {
    super(resolve, reject, settings, descriptor, args)
    this.#isSameServer = isSameServer
  }

  protected override append(encoder: Encoder, known: Set<string>): void {
    if (!this.#isSameServer()) throw new Error('both connections may not lead to one server process')
    super.append(encoder, known)
  }
}
