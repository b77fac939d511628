// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, Numeric, OneOrMore, Spread, Value, ZeroOrMore } from '../types/arguments.js'
import type { CallContext, Bulk, Sent } from '../types/replies.js'

export interface SearchCommands<C extends CallContext> {
  /**
   * Searches an index, and aggregates the results. Server documentation: FT.AGGREGATE.
   *
   * O(1); since Redis 1.1.0. Resolves to `Reply`.
   */
  ftAggregate(index: Value, query: Value, ...args: (Spread<Value>)[]): Sent<C, Reply>

  /**
   * Adds an alias for an index. Server documentation: FT.ALIASADD.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  ftAliasadd(alias: Value, index: Value): Sent<C, 'OK'>

  /**
   * Deletes an alias. Server documentation: FT.ALIASDEL.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  ftAliasdel(alias: Value): Sent<C, 'OK'>

  /**
   * Lists the aliases of an index. Server documentation: FT.ALIASLIST.
   *
   * O(N); since Redis 8.10.0. Resolves to `Reply`.
   */
  ftAliaslist(index: Value): Sent<C, Reply>

  /**
   * Points an alias to another index. Server documentation: FT.ALIASUPDATE.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  ftAliasupdate(alias: Value, index: Value): Sent<C, 'OK'>

  /**
   * Adds a field to an index. Server documentation: FT.ALTER.
   *
   * O(N); since Redis 1.0.0. Resolves to `'OK'`.
   */
  ftAlter(index: Value, ...args: [...([] | ['SKIPINITIALSCAN']), 'SCHEMA', 'ADD', field: Value, ...OneOrMore<Value>]): Sent<C, 'OK'>

  /**
   * Returns search options. Server documentation: FT.CONFIG GET.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  ftConfigGet(option: Value): Sent<C, Reply>

  /**
   * Describes search options. Server documentation: FT.CONFIG HELP.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  ftConfigHelp(option: Value): Sent<C, Reply>

  /**
   * Sets a search option. Server documentation: FT.CONFIG SET.
   *
   * O(1); since Redis 1.0.0. Resolves to `'OK'`.
   */
  ftConfigSet(option: Value, value: Value): Sent<C, 'OK'>

  /**
   * Creates an index. Server documentation: FT.CREATE.
   *
   * O(K); since Redis 1.0.0. Resolves to `'OK'`.
   */
  ftCreate(index: Value, ...args: [Spread<Value>, ...(Spread<Value>)[]]): Sent<C, 'OK'>

  /**
   * Deletes a cursor. Server documentation: FT.CURSOR DEL.
   *
   * O(1); since Redis 1.1.0. Resolves to `'OK'`.
   */
  ftCursorDel(index: Value, cursorId: Numeric): Sent<C, 'OK'>

  /**
   * Collects idle cursors. Server documentation: FT.CURSOR GC.
   *
   * Resolves to `Reply`.
   */
  ftCursorGc(...arguments_: ZeroOrMore<Value>): Sent<C, Reply>

  /**
   * Reads the next results of a cursor. Server documentation: FT.CURSOR READ.
   *
   * O(1); since Redis 1.1.0. Resolves to `Reply`.
   */
  ftCursorRead(index: Value, cursorId: Numeric, ...readSize: [] | ['COUNT', readSize: Numeric]): Sent<C, Reply>

  /**
   * Adds terms to a dictionary, and returns how many are new. Server documentation: FT.DICTADD.
   *
   * O(1); since Redis 1.4.0. Resolves to `number`.
   */
  ftDictadd(dict: Value, ...terms: OneOrMore<Value>): Sent<C, number>

  /**
   * Deletes terms from a dictionary, and returns how many there were. Server documentation: FT.DICTDEL.
   *
   * O(1); since Redis 1.4.0. Resolves to `number`.
   */
  ftDictdel(dict: Value, ...terms: OneOrMore<Value>): Sent<C, number>

  /**
   * Lists the terms of a dictionary. Server documentation: FT.DICTDUMP.
   *
   * O(N); since Redis 1.4.0. Resolves to `Reply`.
   */
  ftDictdump(dict: Value): Sent<C, Reply>

  /**
   * Deletes an index. Server documentation: FT.DROPINDEX.
   *
   * O(1); since Redis 2.0.0. Resolves to `'OK'`.
   */
  ftDropindex(index: Value, ...deleteDocs: [] | [deleteDocs: 'DD']): Sent<C, 'OK'>

  /**
   * Explains how a query is run. Server documentation: FT.EXPLAIN.
   *
   * O(1); since Redis 1.0.0. Resolves to `Bulk`.
   */
  ftExplain(index: Value, query: Value, ...args: [...([] | ['DIALECT', dialect: Numeric]), ...ZeroOrMore<Value>]): Sent<C, Bulk<C>>

  /**
   * Explains how a query is run, as lines. Server documentation: FT.EXPLAINCLI.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  ftExplaincli(index: Value, query: Value, ...args: [...([] | ['DIALECT', dialect: Numeric]), ...ZeroOrMore<Value>]): Sent<C, Reply>

  /**
   * Combines a text search and a vector search. Server documentation: FT.HYBRID.
   *
   * O(N+M); since Redis 8.4.4. Resolves to `Reply`.
   */
  ftHybrid(index: Value, ...args: ['SEARCH', query: Value, ...AnyOrder<{ scorer: ['SCORER', scorer: Value]; yieldScoreAs: ['YIELD_SCORE_AS', yieldScoreAs: Value] }>, 'VSIM', field: Value, vector: Value, ...AnyOrder<{ vectorQueryType: ['KNN', count: Numeric, 'K', k: Numeric, ...AnyOrder<{ efRuntime: ['EF_RUNTIME', efRuntime: Numeric]; shardKRatio: ['SHARD_K_RATIO', shardKRatio: Numeric]; yieldScoreAs: ['YIELD_SCORE_AS', yieldScoreAs: Value] }>] | ['RANGE', count: Numeric, 'RADIUS', radius: Numeric, ...AnyOrder<{ epsilon: ['EPSILON', epsilon: Numeric]; yieldScoreAs: ['YIELD_SCORE_AS', yieldScoreAs: Value] }>]; filter: ['FILTER', filter: Value] }>, ...(Spread<Value>)[]]): Sent<C, Reply>

  /**
   * Describes an index. Server documentation: FT.INFO.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  ftInfo(index: Value): Sent<C, Reply>

  /**
   * Runs a search, and says where its time went. Server documentation: FT.PROFILE.
   *
   * O(N); since Redis 2.2.0. Resolves to `Reply`.
   */
  ftProfile(index: Value, querytype: 'SEARCH' | 'AGGREGATE' | 'HYBRID', ...args: [...([] | ['LIMITED']), 'QUERY', query: Value, ...(Value)[]]): Sent<C, Reply>

  /**
   * Searches an index. Server documentation: FT.SEARCH.
   *
   * O(N); since Redis 1.0.0. Resolves to `Reply`.
   */
  ftSearch(index: Value, query: Value, ...args: (Spread<Value>)[]): Sent<C, Reply>

  /**
   * Corrects the spelling of a query. Server documentation: FT.SPELLCHECK.
   *
   * O(1); since Redis 1.4.0. Resolves to `Reply`.
   */
  ftSpellcheck(index: Value, query: Value, ...args: (Spread<Value>)[]): Sent<C, Reply>

  /**
   * Adds a suggestion, and returns the size of the dictionary. Server documentation: FT.SUGADD.
   *
   * O(1); since Redis 1.0.0. Resolves to `number`.
   */
  ftSugadd(key: Value, string: Value, score: Numeric, ...options: AnyOrder<{ incrementScore: [incrementScore: 'INCR']; payload: ['PAYLOAD', payload: Value] }>): Sent<C, number>

  /**
   * Deletes a suggestion. Server documentation: FT.SUGDEL.
   *
   * O(1); since Redis 1.0.0. Resolves to `0 | 1`.
   */
  ftSugdel(key: Value, string: Value): Sent<C, 0 | 1>

  /**
   * Returns suggestions for a prefix. Server documentation: FT.SUGGET.
   *
   * O(1); since Redis 1.0.0. Resolves to `Reply`.
   */
  ftSugget(key: Value, prefix: Value, ...options: AnyOrder<{ fuzzy: ['FUZZY']; withscores: ['WITHSCORES']; withpayloads: ['WITHPAYLOADS']; max: ['MAX', max: Numeric] }>): Sent<C, Reply>

  /**
   * Returns the size of a dictionary of suggestions. Server documentation: FT.SUGLEN.
   *
   * O(1); since Redis 1.0.0. Resolves to `number`.
   */
  ftSuglen(key: Value): Sent<C, number>

  /**
   * Lists the groups of synonyms. Server documentation: FT.SYNDUMP.
   *
   * O(1); since Redis 1.2.0. Resolves to `Reply`.
   */
  ftSyndump(index: Value): Sent<C, Reply>

  /**
   * Changes a group of synonyms. Server documentation: FT.SYNUPDATE.
   *
   * O(1); since Redis 1.2.0. Resolves to `'OK'`.
   */
  ftSynupdate(index: Value, synonymGroupId: Value, ...args: [...([] | ['SKIPINITIALSCAN']), ...OneOrMore<Value>]): Sent<C, 'OK'>

  /**
   * Lists the values of a tag field. Server documentation: FT.TAGVALS.
   *
   * O(N); since Redis 1.0.0. Resolves to `Reply`.
   */
  ftTagvals(index: Value, fieldName: Value): Sent<C, Reply>

  /**
   * Lists all indexes. Server documentation: FT._LIST.
   *
   * O(1); since Redis 2.0.0. Resolves to `Reply`.
   */
  ftList(...arguments_: ZeroOrMore<Value>): Sent<C, Reply>
}
