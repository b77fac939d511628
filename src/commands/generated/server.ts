// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, Digits, FieldsOf, Numeric, OneOrMore, Pairs, Repeated, Spread, Text, Value, ZeroOrMore } from '../types/arguments.js'
import type { CallContext, Bulk, MapOf, Sent } from '../types/replies.js'

export interface ServerCommands<C extends CallContext> {
  /**
   * Lists the categories of commands, or the commands of one category. Server documentation: ACL CAT.
   *
   * O(1); since Redis 6.0.0. Resolves to `Bulk[]`.
   */
  aclCat(...categoryname: [] | [categoryname: Value]): Sent<C, Bulk<C>[]>

  /**
   * Deletes users, and returns how many existed. Server documentation: ACL DELUSER.
   *
   * O(1); since Redis 6.0.0. Resolves to `number`.
   */
  aclDeluser(...usernames: OneOrMore<Value>): Sent<C, number>

  /**
   * Checks whether a user may run a command, without running it: `OK`, or the reason why not. Server documentation: ACL DRYRUN.
   *
   * O(1); since Redis 7.0.0. Resolves to `'OK' | Bulk`.
   */
  aclDryrun(username: Value, command: Value, ...args: ZeroOrMore<Value>): Sent<C, 'OK' | Bulk<C>>

  /**
   * Generates a random password in hexadecimal. Server documentation: ACL GENPASS.
   *
   * O(1); since Redis 6.0.0. Resolves to `Bulk`.
   */
  aclGenpass(...bits: [] | [bits: Numeric]): Sent<C, Bulk<C>>

  /**
   * Returns the rules of a user. Server documentation: ACL GETUSER.
   *
   * O(N); since Redis 6.0.0. Resolves to `MapOf<Reply> | null`.
   */
  aclGetuser(username: Value): Sent<C, MapOf<C, Reply> | null>

  /**
   * Describes the subcommands of ACL. Server documentation: ACL HELP.
   *
   * O(1); since Redis 6.0.0. Resolves to `string[]`.
   */
  aclHelp(): Sent<C, string[]>

  /**
   * Lists the rules of all users, as in a configuration file. Server documentation: ACL LIST.
   *
   * O(N); since Redis 6.0.0. Resolves to `Bulk[]`.
   */
  aclList(): Sent<C, Bulk<C>[]>

  /**
   * Reloads the users from the ACL file. Server documentation: ACL LOAD.
   *
   * O(N); since Redis 6.0.0. Resolves to `'OK'`.
   */
  aclLoad(): Sent<C, 'OK'>

  /**
   * Lists recent denials, or clears the list. Server documentation: ACL LOG.
   *
   * O(N); since Redis 6.0.0. Resolves to `'OK'`, `MapOf<Reply>[]`.
   */
  aclLog(operation: 'RESET'): Sent<C, 'OK'>
  /**
   * Lists recent denials, or clears the list. Server documentation: ACL LOG.
   *
   * O(N); since Redis 6.0.0. Resolves to `'OK'`, `MapOf<Reply>[]`.
   */
  aclLog(...operation: [] | [operation: Numeric]): Sent<C, MapOf<C, Reply>[]>
  /**
   * Lists recent denials, or clears the list. Server documentation: ACL LOG.
   *
   * O(N); since Redis 6.0.0. Resolves to `'OK'`, `MapOf<Reply>[]`.
   */
  aclLog(...operation: [] | [operation: Numeric | 'RESET']): Sent<C, MapOf<C, Reply>[] | 'OK'>

  /**
   * Writes the users to the ACL file. Server documentation: ACL SAVE.
   *
   * O(N); since Redis 6.0.0. Resolves to `'OK'`.
   */
  aclSave(): Sent<C, 'OK'>

  /**
   * Creates a user, or changes its rules. Server documentation: ACL SETUSER.
   *
   * O(N); since Redis 6.0.0. Resolves to `'OK'`.
   */
  aclSetuser(username: Value, ...rules: ZeroOrMore<Value>): Sent<C, 'OK'>

  /**
   * Lists the names of all users. Server documentation: ACL USERS.
   *
   * O(N); since Redis 6.0.0. Resolves to `Bulk[]`.
   */
  aclUsers(): Sent<C, Bulk<C>[]>

  /**
   * Returns the user of the connection. Server documentation: ACL WHOAMI.
   *
   * O(1); since Redis 6.0.0. Resolves to `Bulk`.
   */
  aclWhoami(): Sent<C, Bulk<C>>

  /**
   * Cancels a backup that is not sealed. Server documentation: BACKUP ABORT.
   *
   * O(1); since Redis 8.10.0. Resolves to `'OK'`.
   */
  backupAbort(): Sent<C, 'OK'>

  /**
   * Removes the files of a sealed backup. Server documentation: BACKUP CLEANUP.
   *
   * O(1); since Redis 8.10.0. Resolves to `'OK'`.
   */
  backupCleanup(): Sent<C, 'OK'>

  /**
   * Describes the subcommands of BACKUP. Server documentation: BACKUP HELP.
   *
   * O(1); since Redis 8.10.0. Resolves to `string[]`.
   */
  backupHelp(): Sent<C, string[]>

  /**
   * Lists the files of the current backup. Server documentation: BACKUP LIST.
   *
   * O(1); since Redis 8.10.0. Resolves to `Bulk[]`.
   */
  backupList(): Sent<C, Bulk<C>[]>

  /**
   * Completes the current backup. Server documentation: BACKUP SEAL.
   *
   * O(1); since Redis 8.10.0. Resolves to `'OK'`.
   */
  backupSeal(): Sent<C, 'OK'>

  /**
   * Begins a backup. Server documentation: BACKUP START.
   *
   * O(1); since Redis 8.10.0. Resolves to `'OK'`.
   */
  backupStart(): Sent<C, 'OK'>

  /**
   * Describes the current backup. Server documentation: BACKUP STATUS.
   *
   * O(1); since Redis 8.10.0. Resolves to `Reply`.
   */
  backupStatus(): Sent<C, Reply>

  /**
   * Starts to rewrite the append-only file. Server documentation: BGREWRITEAOF.
   *
   * O(1); since Redis 1.0.0. Resolves to `string`.
   */
  bgrewriteaof(): Sent<C, string>

  /**
   * Starts to save the data to disk in the background. Server documentation: BGSAVE.
   *
   * O(1); since Redis 1.0.0. Resolves to `string`.
   */
  bgsave(...operation: [] | [operation: 'SCHEDULE' | 'CANCEL']): Sent<C, string>

  /**
   * Describes all commands of the server. Server documentation: COMMAND.
   *
   * O(N); since Redis 2.8.13. Resolves to `Reply[]`.
   */
  command(): Sent<C, Reply[]>

  /**
   * Counts the commands of the server. Server documentation: COMMAND COUNT.
   *
   * O(1); since Redis 2.8.13. Resolves to `number`.
   */
  commandCount(): Sent<C, number>

  /**
   * Returns documentation of commands. Server documentation: COMMAND DOCS.
   *
   * O(N); since Redis 7.0.0. Resolves to `MapOf<MapOf<Reply>>`.
   */
  commandDocs(...commandNames: ZeroOrMore<Value>): Sent<C, MapOf<C, MapOf<C, Reply>>>

  /**
   * Returns the keys in the arguments of a command. Server documentation: COMMAND GETKEYS.
   *
   * O(N); since Redis 2.8.13. Resolves to `Bulk[]`.
   */
  commandGetkeys(command: Value, ...args: ZeroOrMore<Value>): Sent<C, Bulk<C>[]>

  /**
   * Returns the keys in the arguments of a command, and how it uses them. Server documentation: COMMAND GETKEYSANDFLAGS.
   *
   * O(N); since Redis 7.0.0. Resolves to `[key: Bulk, flags: Reply[]][]`.
   */
  commandGetkeysandflags(command: Value, ...args: ZeroOrMore<Value>): Sent<C, [key: Bulk<C>, flags: Reply[]][]>

  /**
   * Describes the subcommands of COMMAND. Server documentation: COMMAND HELP.
   *
   * O(1); since Redis 5.0.0. Resolves to `string[]`.
   */
  commandHelp(): Sent<C, string[]>

  /**
   * Describes some commands of the server. Server documentation: COMMAND INFO.
   *
   * O(N); since Redis 2.8.13. Resolves to `Reply[]`.
   */
  commandInfo(...commandNames: ZeroOrMore<Value>): Sent<C, Reply[]>

  /**
   * Lists the names of commands. Server documentation: COMMAND LIST.
   *
   * O(N); since Redis 7.0.0. Resolves to `Bulk[]`.
   */
  commandList(...filterby: [] | ['FILTERBY', ...(['MODULE', moduleName: Value] | ['ACLCAT', category: Value] | ['PATTERN', pattern: Text])]): Sent<C, Bulk<C>[]>

  /**
   * Lists commands that were slow or large. Server documentation: COMMANDLOG GET.
   *
   * O(N); since Valkey 8.1.0. Resolves to `Reply[]`.
   */
  commandlogGet(count: Numeric, type: 'SLOW' | 'LARGE-REQUEST' | 'LARGE-REPLY'): Sent<C, Reply[]>

  /**
   * Describes the subcommands of COMMANDLOG. Server documentation: COMMANDLOG HELP.
   *
   * O(1); since Valkey 8.1.0. Resolves to `string[]`.
   */
  commandlogHelp(): Sent<C, string[]>

  /**
   * Counts the entries of a log of commands. Server documentation: COMMANDLOG LEN.
   *
   * O(1); since Valkey 8.1.0. Resolves to `number`.
   */
  commandlogLen(type: 'SLOW' | 'LARGE-REQUEST' | 'LARGE-REPLY'): Sent<C, number>

  /**
   * Clears a log of commands. Server documentation: COMMANDLOG RESET.
   *
   * O(N); since Valkey 8.1.0. Resolves to `'OK'`.
   */
  commandlogReset(type: 'SLOW' | 'LARGE-REQUEST' | 'LARGE-REPLY'): Sent<C, 'OK'>

  /**
   * Returns configuration parameters of the server. Server documentation: CONFIG GET.
   *
   * O(N); since Redis 2.0.0. Resolves to `MapOf<Bulk>`.
   */
  configGet(...parameters: OneOrMore<Value>): Sent<C, MapOf<C, Bulk<C>>>

  /**
   * Describes the subcommands of CONFIG. Server documentation: CONFIG HELP.
   *
   * O(1); since Redis 5.0.0. Resolves to `string[]`.
   */
  configHelp(): Sent<C, string[]>

  /**
   * Resets the statistics of INFO. Server documentation: CONFIG RESETSTAT.
   *
   * O(1); since Redis 2.0.0. Resolves to `'OK'`.
   */
  configResetstat(): Sent<C, 'OK'>

  /**
   * Writes the current configuration to the configuration file. Server documentation: CONFIG REWRITE.
   *
   * O(1); since Redis 2.8.0. Resolves to `'OK'`.
   */
  configRewrite(): Sent<C, 'OK'>

  /**
   * Changes configuration parameters of the server. Server documentation: CONFIG SET.
   *
   * O(N); since Redis 2.0.0. Resolves to `'OK'`.
   */
  configSet<T extends object>(fields: T & FieldsOf<T>): Sent<C, 'OK'>
  /**
   * Changes configuration parameters of the server. Server documentation: CONFIG SET.
   *
   * O(N); since Redis 2.0.0. Resolves to `'OK'`.
   */
  configSet(...pairs: Pairs<[parameter: Value, value: Value]>): Sent<C, 'OK'>

  /**
   * Counts the keys of the database. Server documentation: DBSIZE.
   *
   * O(1); since Redis 1.0.0. Resolves to `number`.
   */
  dbsize(): Sent<C, number>

  /**
   * Commands for debugging the server. Server documentation: DEBUG.
   *
   * Since Redis 1.0.0. Resolves to `Reply`.
   */
  debug(argument1: Value, ...arguments_: ZeroOrMore<Value>): Sent<C, Reply>

  /**
   * Starts a failover to a replica. Server documentation: FAILOVER.
   *
   * O(1); since Redis 6.2.0. Resolves to `'OK'`.
   */
  failover(...options: AnyOrder<{ target: ['TO', host: Value, port: Numeric, ...([] | ['FORCE'])]; abort: ['ABORT']; milliseconds: ['TIMEOUT', milliseconds: Numeric] }>): Sent<C, 'OK'>

  /**
   * Deletes all keys of all databases. Server documentation: FLUSHALL.
   *
   * O(N); since Redis 1.0.0. Resolves to `'OK'`.
   */
  flushall(...flushType: [] | [flushType: 'ASYNC' | 'SYNC']): Sent<C, 'OK'>

  /**
   * Deletes all keys of the database. Server documentation: FLUSHDB.
   *
   * O(N); since Redis 1.0.0. Resolves to `'OK'`.
   */
  flushdb(...flushType: [] | [flushType: 'ASYNC' | 'SYNC']): Sent<C, 'OK'>

  /**
   * Returns the keys that were used most. Server documentation: HOTKEYS GET.
   *
   * O(K); since Redis 8.6.0. Resolves to `Reply`.
   */
  hotkeysGet(): Sent<C, Reply>

  /**
   * Describes the subcommands of HOTKEYS. Server documentation: HOTKEYS HELP.
   *
   * O(1); since Redis 8.6.1. Resolves to `string[]`.
   */
  hotkeysHelp(): Sent<C, string[]>

  /**
   * Forgets which keys were used most. Server documentation: HOTKEYS RESET.
   *
   * O(1); since Redis 8.6.0. Resolves to `'OK'`.
   */
  hotkeysReset(): Sent<C, 'OK'>

  /**
   * Starts to record which keys are used most. Server documentation: HOTKEYS START.
   *
   * O(1); since Redis 8.6.0. Resolves to `'OK'`.
   */
  hotkeysStart(...args: ['METRICS', count: Numeric, ...AnyOrder<{ cpu: ['CPU']; net: ['NET'] }>, ...(Spread<'COUNT' | Digits | 'DURATION' | 'SAMPLE' | 'SLOTS'>)[]]): Sent<C, 'OK'>

  /**
   * Stops recording which keys are used most. Server documentation: HOTKEYS STOP.
   *
   * O(1); since Redis 8.6.0. Resolves to `'OK' | null`.
   */
  hotkeysStop(): Sent<C, 'OK' | null>

  /**
   * Describes the server. Server documentation: INFO.
   *
   * O(1); since Redis 1.0.0. Resolves to `string`.
   */
  info(...sections: ZeroOrMore<Value>): Sent<C, string>

  /**
   * Returns when data was last saved, in seconds of Unix time. Server documentation: LASTSAVE.
   *
   * O(1); since Redis 1.0.0. Resolves to `number`.
   */
  lastsave(): Sent<C, number>

  /**
   * Analyses the latency of the server. Server documentation: LATENCY DOCTOR.
   *
   * O(1); since Redis 2.8.13. Resolves to `Bulk`.
   */
  latencyDoctor(): Sent<C, Bulk<C>>

  /**
   * Draws the latency of an event. Server documentation: LATENCY GRAPH.
   *
   * O(1); since Redis 2.8.13. Resolves to `Bulk`.
   */
  latencyGraph(event: Value): Sent<C, Bulk<C>>

  /**
   * Describes the subcommands of LATENCY. Server documentation: LATENCY HELP.
   *
   * O(1); since Redis 2.8.13. Resolves to `string[]`.
   */
  latencyHelp(): Sent<C, string[]>

  /**
   * Returns how long commands took, as histograms. Server documentation: LATENCY HISTOGRAM.
   *
   * O(N); since Redis 7.0.0. Resolves to `MapOf<MapOf<Reply>>`.
   */
  latencyHistogram(...commands: ZeroOrMore<Value>): Sent<C, MapOf<C, MapOf<C, Reply>>>

  /**
   * Returns the latency of an event over time. Server documentation: LATENCY HISTORY.
   *
   * O(1); since Redis 2.8.13. Resolves to `[time: number, latency: number][]`.
   */
  latencyHistory(event: Value): Sent<C, [time: number, latency: number][]>

  /**
   * Returns the last latencies of all events. Server documentation: LATENCY LATEST.
   *
   * O(1); since Redis 2.8.13. Resolves to `Reply[]`.
   */
  latencyLatest(): Sent<C, Reply[]>

  /**
   * Forgets latencies, and returns of how many events. Server documentation: LATENCY RESET.
   *
   * O(1); since Redis 2.8.13. Resolves to `number`.
   */
  latencyReset(...events: ZeroOrMore<Value>): Sent<C, number>

  /**
   * Shows a piece of computer art, and the server's version. Server documentation: LOLWUT.
   *
   * Since Redis 5.0.0. Resolves to `Bulk`.
   */
  lolwut(...versionBlock: [] | ['VERSION', version: Numeric, ...ZeroOrMore<Numeric>]): Sent<C, Bulk<C>>

  /**
   * Analyses the memory of the server. Server documentation: MEMORY DOCTOR.
   *
   * O(1); since Redis 4.0.0. Resolves to `Bulk`.
   */
  memoryDoctor(): Sent<C, Bulk<C>>

  /**
   * Describes the subcommands of MEMORY. Server documentation: MEMORY HELP.
   *
   * O(1); since Redis 4.0.0. Resolves to `string[]`.
   */
  memoryHelp(): Sent<C, string[]>

  /**
   * Returns statistics of the memory allocator. Server documentation: MEMORY MALLOC-STATS.
   *
   * Since Redis 4.0.0. Resolves to `Bulk`.
   */
  memoryMallocStats(): Sent<C, Bulk<C>>

  /**
   * Asks the memory allocator to release memory. Server documentation: MEMORY PURGE.
   *
   * Since Redis 4.0.0. Resolves to `'OK'`.
   */
  memoryPurge(): Sent<C, 'OK'>

  /**
   * Describes the memory of the server. Server documentation: MEMORY STATS.
   *
   * O(1); since Redis 4.0.0. Resolves to `MapOf<Reply>`.
   */
  memoryStats(): Sent<C, MapOf<C, Reply>>

  /**
   * Returns the bytes of memory that a key uses. Server documentation: MEMORY USAGE.
   *
   * O(N); since Redis 4.0.0. Resolves to `number | null`.
   */
  memoryUsage(key: Text, ...count: [] | ['SAMPLES', count: Numeric]): Sent<C, number | null>

  /**
   * Describes the subcommands of MODULE. Server documentation: MODULE HELP.
   *
   * O(1); since Redis 5.0.0. Resolves to `string[]`.
   */
  moduleHelp(): Sent<C, string[]>

  /**
   * Lists the modules of the server. Server documentation: MODULE LIST.
   *
   * O(N); since Redis 4.0.0. Resolves to `MapOf<Reply>[]`.
   */
  moduleList(): Sent<C, MapOf<C, Reply>[]>

  /**
   * Loads a module. Server documentation: MODULE LOAD.
   *
   * O(1); since Redis 4.0.0. Resolves to `'OK'`.
   */
  moduleLoad(path: Value, ...args: ZeroOrMore<Value>): Sent<C, 'OK'>

  /**
   * Loads a module with configuration parameters. Server documentation: MODULE LOADEX.
   *
   * O(1); since Redis 7.0.0. Resolves to `'OK'`.
   */
  moduleLoadex(path: Value, ...args: (Spread<Value>)[]): Sent<C, 'OK'>

  /**
   * Unloads a module. Server documentation: MODULE UNLOAD.
   *
   * O(1); since Redis 4.0.0. Resolves to `'OK'`.
   */
  moduleUnload(name: Value): Sent<C, 'OK'>

  /**
   * Makes the server a replica, or a primary. Server documentation: REPLICAOF.
   *
   * O(1); since Redis 5.0.0. Resolves to `string`.
   */
  replicaof(...args: [host: Value, port: Numeric] | ['NO', 'ONE']): Sent<C, string>

  /**
   * Like RESTORE, for a slot that is being imported. Server documentation: RESTORE-ASKING.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  restoreAsking(key: Text, ttl: Numeric, serializedValue: Value, ...options: AnyOrder<{ replace: ['REPLACE']; absttl: ['ABSTTL']; seconds: ['IDLETIME', seconds: Numeric]; frequency: ['FREQ', frequency: Numeric] }>): Sent<C, 'OK'>

  /**
   * Returns the role of the server in replication. Server documentation: ROLE.
   *
   * O(1); since Redis 2.8.12. Resolves to `Reply[]`.
   */
  role(): Sent<C, Reply[]>

  /**
   * Saves the data to disk; the server does nothing else meanwhile. Server documentation: SAVE.
   *
   * O(N); since Redis 1.0.0. Resolves to `'OK'`.
   */
  save(): Sent<C, 'OK'>

  /**
   * Stops the server. It does not reply, but closes the connection: then the call resolves to null. Server documentation: SHUTDOWN.
   *
   * O(N); since Redis 1.0.0. Resolves to `null`, `'OK'`.
   */
  shutdown(...abortSelector: [] | AnyOrder<{ saveSelector: [saveSelector: 'NOSAVE' | 'SAVE']; now: ['NOW']; force: ['FORCE']; safe: ['SAFE']; failover: ['FAILOVER'] }>): Sent<C, null>
  /**
   * Stops the server. It does not reply, but closes the connection: then the call resolves to null. Server documentation: SHUTDOWN.
   *
   * O(N); since Redis 1.0.0. Resolves to `null`, `'OK'`.
   */
  shutdown(abortSelector: 'ABORT'): Sent<C, 'OK'>
  /**
   * Stops the server. It does not reply, but closes the connection: then the call resolves to null. Server documentation: SHUTDOWN.
   *
   * O(N); since Redis 1.0.0. Resolves to `null`, `'OK'`.
   */
  shutdown(...abortSelector: [] | AnyOrder<{ saveSelector: [saveSelector: 'NOSAVE' | 'SAVE']; now: ['NOW']; force: ['FORCE']; safe: ['SAFE']; failover: ['FAILOVER'] }> | ['ABORT']): Sent<C, 'OK' | null>

  /**
   * Makes the server a replica, or a primary. Server documentation: SLAVEOF.
   *
   * O(1); since Redis 1.0.0. Resolves to `string`.
   */
  slaveof(...args: [host: Value, port: Numeric] | ['NO', 'ONE']): Sent<C, string>

  /**
   * Lists commands that were slow. Server documentation: SLOWLOG GET.
   *
   * O(N); since Redis 2.2.12. Resolves to `Reply[]`.
   */
  slowlogGet(...count: [] | [count: Numeric]): Sent<C, Reply[]>

  /**
   * Describes the subcommands of SLOWLOG. Server documentation: SLOWLOG HELP.
   *
   * O(1); since Redis 6.2.0. Resolves to `string[]`.
   */
  slowlogHelp(): Sent<C, string[]>

  /**
   * Counts the entries of the slow log. Server documentation: SLOWLOG LEN.
   *
   * O(1); since Redis 2.2.12. Resolves to `number`.
   */
  slowlogLen(): Sent<C, number>

  /**
   * Clears the slow log. Server documentation: SLOWLOG RESET.
   *
   * O(N); since Redis 2.2.12. Resolves to `'OK'`.
   */
  slowlogReset(): Sent<C, 'OK'>

  /**
   * Swaps two databases. Server documentation: SWAPDB.
   *
   * O(N); since Redis 4.0.0. Resolves to `'OK'`.
   */
  swapdb(index1: Numeric, index2: Numeric): Sent<C, 'OK'>

  /**
   * Returns the time of the server. Server documentation: TIME.
   *
   * O(1); since Redis 2.6.0. Resolves to `[seconds: Bulk, microseconds: Bulk]`.
   */
  time(): Sent<C, [seconds: Bulk<C>, microseconds: Bulk<C>]>

  /**
   * Deletes the keys of hash slots that the node does not own. Server documentation: TRIMSLOTS.
   *
   * O(N); since Redis 8.4.0. Resolves to `Reply`.
   */
  trimslots(...args: ['RANGES', numranges: Numeric, ...Repeated<[startslot: Numeric, endslot: Numeric]>]): Sent<C, Reply>
}
