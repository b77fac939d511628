import type { Argument, Reply } from '../protocol/types.js'
import { decodeCatalogue, lookup } from './catalogue.js'
import type { CommandDescriptor } from './descriptor.js'

/**
 * The base of the typed methods. Each method names a command and its arguments, and a subclass sends them.
 *
 * Every method resolves to the server's reply. Every method rejects with
 * - ReplyError when the server answers with an error (for example WRONGTYPE if the key holds another kind of value);
 * - AbortError, TimeoutError, ConnectionLostError, ConnectError, HandshakeError, QueueFullError or ClientClosedError when no
 *   reply comes, with the `fate` of the command;
 * - UsageError when an argument can't be sent. Nothing is sent in this case.
 *
 * Each method is documented on the page of its command in the server's documentation. Its arguments have the same order as there.
 */
export abstract class CommandExecutor {
  constructor() {
    decodeCatalogue()
  }

  protected abstract execute<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T>

  /** Returns what a method returns for a wrong call. */
  protected refuse(error: unknown): Promise<never> {
    return Promise.reject(error)
  }

  /**
   * Sends any command.
   *
   * @param name the command's name; for a subcommand, the name of its container command
   * @param args the arguments, in the server's order; for a subcommand, its name is the first argument
   * @returns the reply; if the command has a typed method, in the form that this method returns
   *
   * @example
   * await client.call('OBJECT', 'ENCODING', 'k')
   */
  call<T = Reply>(name: string, ...args: Argument[]): Promise<T> {
    const all = [name, ...args]
    return this.execute(lookup(all), all)
  }
}
