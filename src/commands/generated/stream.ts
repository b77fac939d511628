// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, AnyOrderWith, FieldsOf, Numeric, OneOrMore, Pairs, Spread, Text, Value, ZeroOrMore } from '../types/arguments.js'
import type { CallContext, Bulk, MapOf, Sent, StreamEntry } from '../types/replies.js'

export interface StreamCommands<C extends CallContext> {
  /**
   * Acknowledges entries of a group, and returns how many were pending. Server documentation: XACK.
   *
   * O(1); since Redis 5.0.0. Resolves to `number`.
   */
  xack(key: Text, group: Value, ...ids: OneOrMore<Value>): Sent<C, number>

  /**
   * Acknowledges and deletes entries of a group. Server documentation: XACKDEL.
   *
   * O(1); since Redis 8.2.0. Resolves to `number[]`.
   */
  xackdel(key: Text, group: Value, ...args: [...([] | [condition: 'KEEPREF' | 'DELREF' | 'ACKED']), 'IDS', numids: Numeric, ...OneOrMore<Value>]): Sent<C, number[]>

  /**
   * Appends an entry to a stream, and returns its id; null with NOMKSTREAM if there is no stream. Server documentation: XADD.
   *
   * O(1); since Redis 5.0.0. Resolves to `string | null`, `string`.
   */
  xadd<T extends object>(key: Text, idSelector: '*', fields: T & FieldsOf<T>): Sent<C, string>
  /**
   * Appends an entry to a stream, and returns its id; null with NOMKSTREAM if there is no stream. Server documentation: XADD.
   *
   * O(1); since Redis 5.0.0. Resolves to `string | null`, `string`.
   */
  xadd(key: Text, idSelector: '*', field: Value, value: Value, ...fields: ZeroOrMore<Value>): Sent<C, string>
  /**
   * Appends an entry to a stream, and returns its id; null with NOMKSTREAM if there is no stream. Server documentation: XADD.
   *
   * O(1); since Redis 5.0.0. Resolves to `string | null`, `string`.
   */
  xadd<T extends object>(key: Text, ...args: [...(['KEEPREF'] | ['DELREF'] | ['ACKED'] | ['IDMPAUTO', pid: Value] | ['IDMP', pid: Value, iid: Value] | [strategy: 'MAXLEN' | 'MINID', ...([] | [operator: '=' | '~']), threshold: Value, ...([] | ['LIMIT', count: Numeric])]), idSelector: '*', fields: T & FieldsOf<T>]): Sent<C, string>
  /**
   * Appends an entry to a stream, and returns its id; null with NOMKSTREAM if there is no stream. Server documentation: XADD.
   *
   * O(1); since Redis 5.0.0. Resolves to `string | null`, `string`.
   */
  xadd(key: Text, ...args: [...(['KEEPREF'] | ['DELREF'] | ['ACKED'] | ['IDMPAUTO', pid: Value] | ['IDMP', pid: Value, iid: Value] | [strategy: 'MAXLEN' | 'MINID', ...([] | [operator: '=' | '~']), threshold: Value, ...([] | ['LIMIT', count: Numeric])]), idSelector: '*', field: Value, value: Value, ...ZeroOrMore<Value>]): Sent<C, string>
  /**
   * Appends an entry to a stream, and returns its id; null with NOMKSTREAM if there is no stream. Server documentation: XADD.
   *
   * O(1); since Redis 5.0.0. Resolves to `string | null`, `string`.
   */
  xadd<T extends object>(key: Text, ...args: ['NOMKSTREAM', ...([] | [condition: 'KEEPREF' | 'DELREF' | 'ACKED']), ...([] | ['IDMPAUTO', pid: Value] | ['IDMP', pid: Value, iid: Value]), ...([] | [strategy: 'MAXLEN' | 'MINID', ...([] | [operator: '=' | '~']), threshold: Value, ...([] | ['LIMIT', count: Numeric])]), idSelector: Value, fields: T & FieldsOf<T>]): Sent<C, string | null>
  /**
   * Appends an entry to a stream, and returns its id; null with NOMKSTREAM if there is no stream. Server documentation: XADD.
   *
   * O(1); since Redis 5.0.0. Resolves to `string | null`, `string`.
   */
  xadd(key: Text, ...args: ['NOMKSTREAM', ...([] | [condition: 'KEEPREF' | 'DELREF' | 'ACKED']), ...([] | ['IDMPAUTO', pid: Value] | ['IDMP', pid: Value, iid: Value]), ...([] | [strategy: 'MAXLEN' | 'MINID', ...([] | [operator: '=' | '~']), threshold: Value, ...([] | ['LIMIT', count: Numeric])]), idSelector: Value, ...Pairs<[field: Value, value: Value]>]): Sent<C, string | null>
  /**
   * Appends an entry to a stream, and returns its id; null with NOMKSTREAM if there is no stream. Server documentation: XADD.
   *
   * O(1); since Redis 5.0.0. Resolves to `string | null`, `string`.
   */
  xadd<T extends object>(key: Text, ...args: [...([] | [condition: 'KEEPREF' | 'DELREF' | 'ACKED']), ...([] | ['IDMPAUTO', pid: Value] | ['IDMP', pid: Value, iid: Value]), ...([] | [strategy: 'MAXLEN' | 'MINID', ...([] | [operator: '=' | '~']), threshold: Value, ...([] | ['LIMIT', count: Numeric])]), idSelector: '*', fields: T & FieldsOf<T>]): Sent<C, string>
  /**
   * Appends an entry to a stream, and returns its id; null with NOMKSTREAM if there is no stream. Server documentation: XADD.
   *
   * O(1); since Redis 5.0.0. Resolves to `string | null`, `string`.
   */
  xadd(key: Text, ...args: [...([] | [condition: 'KEEPREF' | 'DELREF' | 'ACKED']), ...([] | ['IDMPAUTO', pid: Value] | ['IDMP', pid: Value, iid: Value]), ...([] | [strategy: 'MAXLEN' | 'MINID', ...([] | [operator: '=' | '~']), threshold: Value, ...([] | ['LIMIT', count: Numeric])]), idSelector: '*', ...Pairs<[field: Value, value: Value]>]): Sent<C, string>
  /**
   * Appends an entry to a stream, and returns its id; null with NOMKSTREAM if there is no stream. Server documentation: XADD.
   *
   * O(1); since Redis 5.0.0. Resolves to `string | null`, `string`.
   */
  xadd<T extends object>(key: Text, ...args: [...([] | ['NOMKSTREAM']), ...([] | [condition: 'KEEPREF' | 'DELREF' | 'ACKED']), ...([] | ['IDMPAUTO', pid: Value] | ['IDMP', pid: Value, iid: Value]), ...([] | [strategy: 'MAXLEN' | 'MINID', ...([] | [operator: '=' | '~']), threshold: Value, ...([] | ['LIMIT', count: Numeric])]), idSelector: Value, fields: T & FieldsOf<T>]): Sent<C, string | null>
  /**
   * Appends an entry to a stream, and returns its id; null with NOMKSTREAM if there is no stream. Server documentation: XADD.
   *
   * O(1); since Redis 5.0.0. Resolves to `string | null`, `string`.
   */
  xadd(key: Text, ...args: [...([] | ['NOMKSTREAM']), ...([] | [condition: 'KEEPREF' | 'DELREF' | 'ACKED']), ...([] | ['IDMPAUTO', pid: Value] | ['IDMP', pid: Value, iid: Value]), ...([] | [strategy: 'MAXLEN' | 'MINID', ...([] | [operator: '=' | '~']), threshold: Value, ...([] | ['LIMIT', count: Numeric])]), idSelector: Value, ...Pairs<[field: Value, value: Value]>]): Sent<C, string | null>

  /**
   * Takes over entries that other consumers left pending. Server documentation: XAUTOCLAIM.
   *
   * O(1); since Redis 6.2.0. Resolves to `[next: string, ids: Bulk[], deleted: Bulk[]]`, `[next: string, entries: StreamEntry<Bulk>[], deleted: Bulk[]]`.
   */
  xautoclaim(key: Text, group: Value, consumer: Value, minIdleTime: Value, start: Value, ...options: AnyOrderWith<{ count: ['COUNT', count: Numeric]; justid: ['JUSTID'] }, 'justid'>): Sent<C, [next: string, ids: Bulk<C>[], deleted: Bulk<C>[]]>
  /**
   * Takes over entries that other consumers left pending. Server documentation: XAUTOCLAIM.
   *
   * O(1); since Redis 6.2.0. Resolves to `[next: string, ids: Bulk[], deleted: Bulk[]]`, `[next: string, entries: StreamEntry<Bulk>[], deleted: Bulk[]]`.
   */
  xautoclaim(key: Text, group: Value, consumer: Value, minIdleTime: Value, start: Value, ...count: [] | ['COUNT', count: Numeric]): Sent<C, [next: string, entries: StreamEntry<Bulk<C>>[], deleted: Bulk<C>[]]>
  /**
   * Takes over entries that other consumers left pending. Server documentation: XAUTOCLAIM.
   *
   * O(1); since Redis 6.2.0. Resolves to `[next: string, ids: Bulk[], deleted: Bulk[]]`, `[next: string, entries: StreamEntry<Bulk>[], deleted: Bulk[]]`.
   */
  xautoclaim(key: Text, group: Value, consumer: Value, minIdleTime: Value, start: Value, ...options: AnyOrder<{ count: ['COUNT', count: Numeric]; justid: ['JUSTID'] }>): Sent<C, [next: string, ids: Bulk<C>[], deleted: Bulk<C>[]] | [next: string, entries: StreamEntry<Bulk<C>>[], deleted: Bulk<C>[]]>

  /**
   * Configures how a stream detects entries added twice. Server documentation: XCFGSET.
   *
   * O(1); since Redis 8.6.0. Resolves to `'OK'`.
   */
  xcfgset(key: Text, ...options: AnyOrder<{ idmpDuration: ['IDMP-DURATION', idmpDuration: Numeric]; idmpMaxsize: ['IDMP-MAXSIZE', idmpMaxsize: Numeric] }>): Sent<C, 'OK'>

  /**
   * Takes over pending entries of other consumers. Server documentation: XCLAIM.
   *
   * O(log N); since Redis 5.0.0. Resolves to `StreamEntry<Bulk>[] | Bulk[]`.
   */
  xclaim(key: Text, group: Value, consumer: Value, minIdleTime: Value, ...args: [Spread<Value>, ...(Spread<Value>)[]]): Sent<C, StreamEntry<Bulk<C>>[] | Bulk<C>[]>

  /**
   * Deletes entries, and returns how many existed. Server documentation: XDEL.
   *
   * O(1); since Redis 5.0.0. Resolves to `number`.
   */
  xdel(key: Text, ...ids: OneOrMore<Value>): Sent<C, number>

  /**
   * Deletes entries, and says what became of each. Server documentation: XDELEX.
   *
   * O(1); since Redis 8.2.0. Resolves to `number[]`.
   */
  xdelex(key: Text, ...args: [...([] | [condition: 'KEEPREF' | 'DELREF' | 'ACKED']), 'IDS', numids: Numeric, ...OneOrMore<Value>]): Sent<C, number[]>

  /**
   * Creates a group of consumers. Server documentation: XGROUP CREATE.
   *
   * O(1); since Redis 5.0.0. Resolves to `'OK'`.
   */
  xgroupCreate(key: Text, group: Value, idSelector: Value, ...options: AnyOrder<{ mkstream: ['MKSTREAM']; entriesread: ['ENTRIESREAD', entriesread: Numeric] }>): Sent<C, 'OK'>

  /**
   * Creates a consumer of a group. Server documentation: XGROUP CREATECONSUMER.
   *
   * O(1); since Redis 6.2.0. Resolves to `0 | 1`.
   */
  xgroupCreateconsumer(key: Text, groupname: Value, consumername: Value): Sent<C, 0 | 1>

  /**
   * Deletes a consumer, and returns how many entries it had pending. Server documentation: XGROUP DELCONSUMER.
   *
   * O(1); since Redis 5.0.0. Resolves to `number`.
   */
  xgroupDelconsumer(key: Text, groupname: Value, consumername: Value): Sent<C, number>

  /**
   * Deletes a group. Server documentation: XGROUP DESTROY.
   *
   * O(N); since Redis 5.0.0. Resolves to `0 | 1`.
   */
  xgroupDestroy(key: Text, groupname: Value): Sent<C, 0 | 1>

  /**
   * Describes the subcommands of XGROUP. Server documentation: XGROUP HELP.
   *
   * O(1); since Redis 5.0.0. Resolves to `string[]`.
   */
  xgroupHelp(): Sent<C, string[]>

  /**
   * Sets the last entry that a group has delivered. Server documentation: XGROUP SETID.
   *
   * O(1); since Redis 5.0.0. Resolves to `'OK'`.
   */
  xgroupSetid(key: Text, group: Value, idSelector: Value, ...entriesread: [] | ['ENTRIESREAD', entriesread: Numeric]): Sent<C, 'OK'>

  /**
   * Used by servers to record an entry that must not be added twice. Server documentation: XIDMPRECORD.
   *
   * O(1); since Redis 8.6.2. Resolves to `'OK'`.
   */
  xidmprecord(key: Text, pid: Value, iid: Value, streamId: Value): Sent<C, 'OK'>

  /**
   * Describes the consumers of a group. Server documentation: XINFO CONSUMERS.
   *
   * O(1); since Redis 5.0.0. Resolves to `MapOf<Reply>[]`.
   */
  xinfoConsumers(key: Text, groupname: Value): Sent<C, MapOf<C, Reply>[]>

  /**
   * Describes the groups of a stream. Server documentation: XINFO GROUPS.
   *
   * O(1); since Redis 5.0.0. Resolves to `MapOf<Reply>[]`.
   */
  xinfoGroups(key: Text): Sent<C, MapOf<C, Reply>[]>

  /**
   * Describes the subcommands of XINFO. Server documentation: XINFO HELP.
   *
   * O(1); since Redis 5.0.0. Resolves to `string[]`.
   */
  xinfoHelp(): Sent<C, string[]>

  /**
   * Describes a stream. Server documentation: XINFO STREAM.
   *
   * O(1); since Redis 5.0.0. Resolves to `MapOf<Reply>`.
   */
  xinfoStream(key: Text, ...fullBlock: [] | ['FULL', ...([] | ['COUNT', count: Numeric])]): Sent<C, MapOf<C, Reply>>

  /**
   * Counts the entries of a stream. Server documentation: XLEN.
   *
   * O(1); since Redis 5.0.0. Resolves to `number`.
   */
  xlen(key: Text): Sent<C, number>

  /**
   * Gives pending entries back to the group, and returns how many. Server documentation: XNACK.
   *
   * O(1); since Redis 8.8.0. Resolves to `number`.
   */
  xnack(key: Text, group: Value, mode: 'SILENT' | 'FAIL' | 'FATAL', ...args: ['IDS', numids: Numeric, ...OneOrMore<Value>, ...AnyOrder<{ count: ['RETRYCOUNT', count: Numeric]; force: ['FORCE'] }>]): Sent<C, number>

  /**
   * Describes the pending entries of a group. Server documentation: XPENDING.
   *
   * O(N); since Redis 5.0.0. Resolves to `Reply[]`.
   */
  xpending(key: Text, group: Value, ...filters: [] | [...([] | ['IDLE', minIdleTime: Numeric]), start: Value, end: Value, count: Numeric, ...([] | [consumer: Value])]): Sent<C, Reply[]>

  /**
   * Returns the entries in a range of ids. Server documentation: XRANGE.
   *
   * O(N); since Redis 5.0.0. Resolves to `StreamEntry<Bulk>[]`.
   */
  xrange(key: Text, start: Value, end: Value, ...count: [] | ['COUNT', count: Numeric]): Sent<C, StreamEntry<Bulk<C>>[]>

  /**
   * Returns new entries of streams; with BLOCK, waits for some if needed. Server documentation: XREAD.
   *
   * Since Redis 5.0.0. Resolves to `MapOf<StreamEntry<Bulk>[]> | null`.
   */
  xread(...args: [...AnyOrder<{ count: ['COUNT', count: Numeric]; maxcount: ['MAXCOUNT', maxcount: Numeric]; maxsize: ['MAXSIZE', maxsize: Numeric]; milliseconds: ['BLOCK', milliseconds: Numeric] }>, 'STREAMS', ...OneOrMore<Value>]): Sent<C, MapOf<C, StreamEntry<Bulk<C>>[]> | null>

  /**
   * Returns new entries of streams to a consumer of a group; with BLOCK, waits for some if needed. Server documentation: XREADGROUP.
   *
   * O(M); since Redis 5.0.0. Resolves to `MapOf<StreamEntry<Bulk>[]> | null`.
   */
  xreadgroup(...args: ['GROUP', group: Value, consumer: Value, ...[Spread<Value>, ...(Spread<Value>)[]]]): Sent<C, MapOf<C, StreamEntry<Bulk<C>>[]> | null>

  /**
   * Returns the entries in a range of ids, in reverse order. Server documentation: XREVRANGE.
   *
   * O(N); since Redis 5.0.0. Resolves to `StreamEntry<Bulk>[]`.
   */
  xrevrange(key: Text, end: Value, start: Value, ...count: [] | ['COUNT', count: Numeric]): Sent<C, StreamEntry<Bulk<C>>[]>

  /**
   * Sets the last id of a stream. Server documentation: XSETID.
   *
   * O(1); since Redis 5.0.0. Resolves to `'OK'`.
   */
  xsetid(key: Text, lastId: Value, ...options: AnyOrder<{ entriesAdded: ['ENTRIESADDED', entriesAdded: Numeric]; maxDeletedEntryId: ['MAXDELETEDID', maxDeletedEntryId: Value] }>): Sent<C, 'OK'>

  /**
   * Removes the oldest entries, and returns how many. Server documentation: XTRIM.
   *
   * O(N); since Redis 5.0.0. Resolves to `number`.
   */
  xtrim(key: Text, strategy: 'MAXLEN' | 'MINID', ...args: [...([] | [operator: '=' | '~']), threshold: Value, ...AnyOrder<{ count: ['LIMIT', count: Numeric]; condition: [condition: 'KEEPREF' | 'DELREF' | 'ACKED'] }>]): Sent<C, number>
}
