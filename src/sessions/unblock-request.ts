import type { CommandDescriptor } from '../commands/descriptor.js'
import type { ChangedKeys } from '../connection/request/request.js'
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

  /** CLIENT UNBLOCK changes no keys. So it does not prevent earlier requests, which were refused, from being sent again. */
  override changedKeys(): ChangedKeys {
    return new Set<string>()
  }

  protected override append(encoder: Encoder, known: Set<string>): void {
    if (!this.#isSameServer()) throw new Error('both connections may not lead to one server process')
    super.append(encoder, known)
  }
}
