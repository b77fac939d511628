// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, Numeric, OneOrMore, Repeated, Text, Value, ZeroOrMore } from '../types/arguments.js'
import type { CallContext, MapOf, Sent } from '../types/replies.js'

export interface SessionCommands<C extends CallContext> {
  /**
   * Lets the next command use a slot that is being imported. Server documentation: ASKING.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  asking(): Sent<C, 'OK'>

  /**
   * Authenticates the connection. Server documentation: AUTH.
   *
   * O(N); since Redis 1.0.0. Resolves to `'OK'`.
   */
  auth(...args: [...([] | [username: Value]), password: Value]): Sent<C, 'OK'>

  /**
   * Says whether the keys of the next command are tracked. Server documentation: CLIENT CACHING.
   *
   * O(1); since Redis 6.0.0. Resolves to `'OK'`.
   */
  clientCaching(mode: 'YES' | 'NO'): Sent<C, 'OK'>

  /**
   * Tells the server what the client is capable of. Server documentation: CLIENT CAPA.
   *
   * O(1); since Valkey 8.0.0. Resolves to `'OK'`.
   */
  clientCapa(...capabilities: OneOrMore<Value>): Sent<C, 'OK'>

  /**
   * Marks the connection as a source of imported data. Server documentation: CLIENT IMPORT-SOURCE.
   *
   * O(1); since Valkey 8.1.0. Resolves to `'OK'`.
   */
  clientImportSource(enabled: 'ON' | 'OFF'): Sent<C, 'OK'>

  /**
   * Turns notifications of maintenance on or off. Server documentation: CLIENT MAINT_NOTIFICATIONS.
   *
   * Resolves to `'OK'`.
   */
  clientMaintNotifications(...arguments_: ZeroOrMore<Value>): Sent<C, 'OK'>

  /**
   * Says whether the server may close the connection when it runs out of memory. Server documentation: CLIENT NO-EVICT.
   *
   * O(1); since Redis 7.0.0. Resolves to `'OK'`.
   */
  clientNoEvict(enabled: 'ON' | 'OFF'): Sent<C, 'OK'>

  /**
   * Says whether commands of the connection count as uses of keys. Server documentation: CLIENT NO-TOUCH.
   *
   * O(1); since Redis 7.2.0. Resolves to `'OK'`.
   */
  clientNoTouch(enabled: 'ON' | 'OFF'): Sent<C, 'OK'>

  /**
   * Turns replies on or off, or skips the next one. Server documentation: CLIENT REPLY.
   *
   * O(1); since Redis 3.2.0. Resolves to `'OK' | null`.
   */
  clientReply(onOffSkip: 'ON' | 'OFF' | 'SKIP'): Sent<C, 'OK' | null>

  /**
   * Tells the server the name or version of the client library. Server documentation: CLIENT SETINFO.
   *
   * O(1); since Redis 7.2.0. Resolves to `'OK'`.
   */
  clientSetinfo(...attr: ['LIB-NAME', libname: Value] | ['LIB-VER', libver: Value]): Sent<C, 'OK'>

  /**
   * Names the connection. Server documentation: CLIENT SETNAME.
   *
   * O(1); since Redis 2.6.9. Resolves to `'OK'`.
   */
  clientSetname(connectionName: Value): Sent<C, 'OK'>

  /**
   * Turns the tracking of keys for client-side caching on or off. Server documentation: CLIENT TRACKING.
   *
   * O(1); since Redis 6.0.0. Resolves to `'OK'`.
   */
  clientTracking(status: 'ON' | 'OFF', ...args: (Value)[]): Sent<C, 'OK'>

  /**
   * Used by servers to move slots. Server documentation: CLUSTER SYNCSLOTS.
   *
   * Since Valkey 9.0.0. Resolves to `Reply`.
   */
  clusterSyncslots(...subcommand: ['SYNC', taskId: Value, ...Repeated<[startSlot: Numeric, endSlot: Numeric]>] | ['RDBCHANNEL', taskId: Value] | ['SNAPSHOT-EOF'] | ['STREAM-EOF'] | ['ACK', state: Value, offset: Numeric] | ['FAIL', error: Value] | ['CONF', ...OneOrMore<Value>]): Sent<C, Reply>

  /**
   * Discards a transaction. Server documentation: DISCARD.
   *
   * O(N); since Redis 2.0.0. Resolves to `'OK'`.
   */
  discard(): Sent<C, 'OK'>

  /**
   * Runs a transaction; null if a watched key was changed. Server documentation: EXEC.
   *
   * Since Redis 1.2.0. Resolves to `Reply[] | null`.
   */
  exec(): Sent<C, Reply[] | null>

  /**
   * Switches the protocol version. Server documentation: HELLO.
   *
   * O(1); since Redis 6.0.0. Resolves to `MapOf<Reply>`.
   */
  hello(...arguments_: [] | [protover: Numeric, ...AnyOrder<{ usernamePassword: ['AUTH', username: Value, password: Value]; clientname: ['SETNAME', clientname: Value] }>]): Sent<C, MapOf<C, Reply>>

  /**
   * Forgets a set of fields. Server documentation: HIMPORT DISCARD.
   *
   * O(N); since Redis 8.10.0. Resolves to `number`.
   */
  himportDiscard(fieldsetName: Value): Sent<C, number>

  /**
   * Forgets all sets of fields. Server documentation: HIMPORT DISCARDALL.
   *
   * O(N); since Redis 8.10.0. Resolves to `number`.
   */
  himportDiscardall(): Sent<C, number>

  /**
   * Names a set of fields for HIMPORT SET. Server documentation: HIMPORT PREPARE.
   *
   * O(N*log(N)); since Redis 8.10.0. Resolves to `'OK'`.
   */
  himportPrepare(fieldsetName: Value, ...fields: OneOrMore<Value>): Sent<C, 'OK'>

  /**
   * Sets a hash from values alone. Server documentation: HIMPORT SET.
   *
   * O(N); since Redis 8.10.0. Resolves to `number`.
   */
  himportSet(key: Text, fieldsetName: Value, ...values: OneOrMore<Value>): Sent<C, number>

  /**
   * Closes the connection. Server documentation: QUIT.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  quit(...arguments_: ZeroOrMore<Value>): Sent<C, 'OK'>

  /**
   * Allows reads from a replica of a cluster. Server documentation: READONLY.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  readonly(): Sent<C, 'OK'>

  /**
   * Ends READONLY. Server documentation: READWRITE.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  readwrite(): Sent<C, 'OK'>

  /**
   * Resets the state of the connection. Server documentation: RESET.
   *
   * O(1); since Redis 6.2.0. Resolves to `'RESET'`.
   */
  reset(): Sent<C, 'RESET'>

  /**
   * Sets the debug mode for scripts. Sessions refuse it: use `redis-cli --ldb`. Server documentation: SCRIPT DEBUG.
   *
   * O(1); since Redis 3.2.0. Resolves to `'OK'`.
   */
  scriptDebug(mode: 'YES' | 'SYNC' | 'NO', ...engine: [] | [engine: Value]): Sent<C, 'OK'>

  /**
   * Selects a database, from 0. Server documentation: SELECT.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  select(index: Numeric): Sent<C, 'OK'>

  /**
   * Stops watching all keys. Server documentation: UNWATCH.
   *
   * O(1); since Redis 2.2.0. Resolves to `'OK'`.
   */
  unwatch(): Sent<C, 'OK'>

  /**
   * Watches keys: the next transaction runs only if none of them changes before. Server documentation: WATCH.
   *
   * O(1); since Redis 2.2.0. Resolves to `'OK'`.
   */
  watch(...keys: OneOrMore<Text>): Sent<C, 'OK'>
}
