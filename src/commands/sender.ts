import type { Argument, Reply } from '../protocol/types.js'
import { decodeCatalogue, lookup } from './catalogue.js'
import type { CommandDescriptor } from './descriptor.js'

/**
 * What typed methods stand on: they name a command and its arguments, and a subclass sends them.
 *
 * Every method resolves to the server's reply. Every method rejects with
 * - ReplyError when the server answers with an error (WRONGTYPE where the key holds another kind of value);
 * - AbortError, TimeoutError, ConnectionLostError, ConnectError, HandshakeError, QueueFullError or ClientClosedError when no
 *   reply comes, with the `fate` of the command;
 * - UsageError when an argument can't be sent: nothing of the call is sent.
 *
 * Each is documented on the page of its command in the server's documentation; arguments stand in the order given there.
 */
export abstract class CommandExecutor {
  constructor() {
    decodeCatalogue()
  }

  protected abstract execute<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T>

  /** What a method returns for a call that is wrong. */
  protected refuse(error: unknown): Promise<never> {
    return Promise.reject(error)
  }

  /**
   * Sends any command.
   *
   * @param name the command's name; of a subcommand the container's name, the subcommand being the first argument
   * @param args its arguments, in the server's order
   * @returns the reply; of commands that have a typed method, in the form which that method gives
   *
   * @example
   * await client.call('OBJECT', 'ENCODING', 'k')
   */
  call<T = Reply>(name: string, ...args: Argument[]): Promise<T> {
    const all = [name, ...args]
    return this.execute(lookup(all), all)
  }
}
