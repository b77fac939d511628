// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { Numeric, Spread, Value } from '../types/arguments.js'
import type { CallContext, Bulk, MapOf, Sent } from '../types/replies.js'

export interface ConnectionCommands<C extends CallContext> {
  /**
   * Returns the name of the connection. Server documentation: CLIENT GETNAME.
   *
   * O(1); since Redis 2.6.9. Resolves to `Bulk | null`.
   */
  clientGetname(): Sent<C, Bulk<C> | null>

  /**
   * Returns the id of the connection that invalidations go to; -1 or 0 if there is none. Server documentation: CLIENT GETREDIR.
   *
   * O(1); since Redis 6.0.0. Resolves to `number`.
   */
  clientGetredir(): Sent<C, number>

  /**
   * Describes the subcommands of CLIENT. Server documentation: CLIENT HELP.
   *
   * O(1); since Redis 5.0.0. Resolves to `string[]`.
   */
  clientHelp(): Sent<C, string[]>

  /**
   * Returns the id that the server gave to the connection. Server documentation: CLIENT ID.
   *
   * O(1); since Redis 5.0.0. Resolves to `number`.
   */
  clientId(): Sent<C, number>

  /**
   * Describes the connection. Server documentation: CLIENT INFO.
   *
   * O(1); since Redis 6.2.0. Resolves to `Bulk`.
   */
  clientInfo(): Sent<C, Bulk<C>>

  /**
   * Closes connections, and returns how many; with an address alone, that one. Server documentation: CLIENT KILL.
   *
   * O(N); since Redis 2.4.0. Resolves to `'OK'`, `number`.
   */
  clientKill(filter: Value): Sent<C, 'OK'>
  /**
   * Closes connections, and returns how many; with an address alone, that one. Server documentation: CLIENT KILL.
   *
   * O(N); since Redis 2.4.0. Resolves to `'OK'`, `number`.
   */
  clientKill(...filter: [Spread<Value>, ...(Spread<Value>)[]]): Sent<C, number>
  /**
   * Closes connections, and returns how many; with an address alone, that one. Server documentation: CLIENT KILL.
   *
   * O(N); since Redis 2.4.0. Resolves to `'OK'`, `number`.
   */
  clientKill(...filter: [oldFormat: Value] | [Spread<Value>, ...(Spread<Value>)[]]): Sent<C, number | 'OK'>

  /**
   * Describes all connections, one per line. Server documentation: CLIENT LIST.
   *
   * O(N); since Redis 2.4.0. Resolves to `Bulk`.
   */
  clientList(...args: (Spread<Value>)[]): Sent<C, Bulk<C>>

  /**
   * Stops processing commands for a number of milliseconds. Server documentation: CLIENT PAUSE.
   *
   * O(1); since Redis 2.9.50. Resolves to `'OK'`.
   */
  clientPause(timeout: Numeric, ...mode: [] | [mode: 'WRITE' | 'ALL']): Sent<C, 'OK'>

  /**
   * Describes the tracking of keys on the connection. Server documentation: CLIENT TRACKINGINFO.
   *
   * O(1); since Redis 6.2.0. Resolves to `MapOf<Reply>`.
   */
  clientTrackinginfo(): Sent<C, MapOf<C, Reply>>

  /**
   * Ends the wait of another connection. Server documentation: CLIENT UNBLOCK.
   *
   * O(log N); since Redis 5.0.0. Resolves to `0 | 1`.
   */
  clientUnblock(clientId: Numeric, ...timeoutError: [] | [timeoutError: 'TIMEOUT' | 'ERROR']): Sent<C, 0 | 1>

  /**
   * Ends CLIENT PAUSE. Server documentation: CLIENT UNPAUSE.
   *
   * O(N); since Redis 6.2.0. Resolves to `'OK'`.
   */
  clientUnpause(): Sent<C, 'OK'>

  /**
   * Returns its argument. Server documentation: ECHO.
   *
   * O(1); since Redis 1.0.0. Resolves to `Bulk`.
   */
  echo(message: Value): Sent<C, Bulk<C>>

  /**
   * Checks that the server answers. Server documentation: PING.
   *
   * O(1); since Redis 1.0.0. Resolves to `'PONG'`, `Bulk`.
   */
  ping(): Sent<C, 'PONG'>
  /**
   * Checks that the server answers. Server documentation: PING.
   *
   * O(1); since Redis 1.0.0. Resolves to `'PONG'`, `Bulk`.
   */
  ping(message: Value): Sent<C, Bulk<C>>
  /**
   * Checks that the server answers. Server documentation: PING.
   *
   * O(1); since Redis 1.0.0. Resolves to `'PONG'`, `Bulk`.
   */
  ping(...message: [] | [message: Value]): Sent<C, Bulk<C> | 'PONG'>
}
