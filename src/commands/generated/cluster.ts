// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Reply } from '../../protocol/types.js'
import type { AnyOrder, Numeric, OneOrMore, Repeated, Spread, Text, Value } from '../types/arguments.js'
import type { CallContext, Bulk, MapOf, Sent } from '../types/replies.js'

export interface ClusterCommands<C extends CallContext> {
  /**
   * Assigns hash slots to the node. Server documentation: CLUSTER ADDSLOTS.
   *
   * O(N); since Redis 3.0.0. Resolves to `'OK'`.
   */
  clusterAddslots(...slots: OneOrMore<Numeric>): Sent<C, 'OK'>

  /**
   * Assigns ranges of hash slots to the node. Server documentation: CLUSTER ADDSLOTSRANGE.
   *
   * O(N); since Redis 7.0.0. Resolves to `'OK'`.
   */
  clusterAddslotsrange(...pairs: Repeated<[startSlot: Numeric, endSlot: Numeric]>): Sent<C, 'OK'>

  /**
   * Advances the configuration epoch of the cluster. Server documentation: CLUSTER BUMPEPOCH.
   *
   * O(1); since Redis 3.0.0. Resolves to `string`.
   */
  clusterBumpepoch(): Sent<C, string>

  /**
   * Cancels all migrations of slots from the node. Server documentation: CLUSTER CANCELSLOTMIGRATIONS.
   *
   * O(N); since Valkey 9.0.0. Resolves to `'OK'`.
   */
  clusterCancelslotmigrations(): Sent<C, 'OK'>

  /**
   * Counts the failure reports of a node. Server documentation: CLUSTER COUNT-FAILURE-REPORTS.
   *
   * O(N); since Redis 3.0.0. Resolves to `number`.
   */
  clusterCountFailureReports(nodeId: Value): Sent<C, number>

  /**
   * Counts the keys in a hash slot. Server documentation: CLUSTER COUNTKEYSINSLOT.
   *
   * O(1); since Redis 3.0.0. Resolves to `number`.
   */
  clusterCountkeysinslot(slot: Numeric): Sent<C, number>

  /**
   * Makes the node forget hash slots. Server documentation: CLUSTER DELSLOTS.
   *
   * O(N); since Redis 3.0.0. Resolves to `'OK'`.
   */
  clusterDelslots(...slots: OneOrMore<Numeric>): Sent<C, 'OK'>

  /**
   * Makes the node forget ranges of hash slots. Server documentation: CLUSTER DELSLOTSRANGE.
   *
   * O(N); since Redis 7.0.0. Resolves to `'OK'`.
   */
  clusterDelslotsrange(...pairs: Repeated<[startSlot: Numeric, endSlot: Numeric]>): Sent<C, 'OK'>

  /**
   * Makes the replica the primary of its shard. Server documentation: CLUSTER FAILOVER.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  clusterFailover(...options: [] | [options: 'FORCE' | 'TAKEOVER']): Sent<C, 'OK'>

  /**
   * Deletes all keys of a hash slot. Server documentation: CLUSTER FLUSHSLOT.
   *
   * O(N); since Valkey 9.0.0. Resolves to `'OK'`.
   */
  clusterFlushslot(slot: Numeric, ...flushType: [] | [flushType: 'ASYNC' | 'SYNC']): Sent<C, 'OK'>

  /**
   * Deletes all information about slots from the node. Server documentation: CLUSTER FLUSHSLOTS.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  clusterFlushslots(): Sent<C, 'OK'>

  /**
   * Removes a node from the list of known nodes. Server documentation: CLUSTER FORGET.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  clusterForget(nodeId: Value): Sent<C, 'OK'>

  /**
   * Lists some keys of a hash slot. Server documentation: CLUSTER GETKEYSINSLOT.
   *
   * O(N); since Redis 3.0.0. Resolves to `Bulk[]`.
   */
  clusterGetkeysinslot(slot: Numeric, count: Numeric): Sent<C, Bulk<C>[]>

  /**
   * Lists migrations of slots. Server documentation: CLUSTER GETSLOTMIGRATIONS.
   *
   * O(N); since Valkey 9.0.0. Resolves to `Reply`.
   */
  clusterGetslotmigrations(): Sent<C, Reply>

  /**
   * Describes the subcommands of CLUSTER. Server documentation: CLUSTER HELP.
   *
   * O(1); since Redis 5.0.0. Resolves to `string[]`.
   */
  clusterHelp(): Sent<C, string[]>

  /**
   * Describes the state of the cluster. Server documentation: CLUSTER INFO.
   *
   * O(1); since Redis 3.0.0. Resolves to `Bulk`.
   */
  clusterInfo(): Sent<C, Bulk<C>>

  /**
   * Returns the hash slot of a key. Server documentation: CLUSTER KEYSLOT.
   *
   * O(N); since Redis 3.0.0. Resolves to `number`.
   */
  clusterKeyslot(key: Value): Sent<C, number>

  /**
   * Lists the links of the node to other nodes. Server documentation: CLUSTER LINKS.
   *
   * O(N); since Redis 7.0.0. Resolves to `MapOf<Reply>[]`.
   */
  clusterLinks(): Sent<C, MapOf<C, Reply>[]>

  /**
   * Connects the node to another, so that they form one cluster. Server documentation: CLUSTER MEET.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  clusterMeet(ip: Value, port: Numeric, ...clusterBusPort: [] | [clusterBusPort: Numeric]): Sent<C, 'OK'>

  /**
   * Starts to move slots to other nodes. Server documentation: CLUSTER MIGRATESLOTS.
   *
   * O(N); since Valkey 9.0.0. Resolves to `'OK'`.
   */
  clusterMigrateslots(...args: [Spread<Value>, ...(Spread<Value>)[]]): Sent<C, 'OK'>

  /**
   * Starts, monitors or cancels migrations of slots. Server documentation: CLUSTER MIGRATION.
   *
   * O(N); since Redis 8.4.0. Resolves to `Reply`.
   */
  clusterMigration(...subcommand: ['IMPORT', ...Repeated<[startSlot: Numeric, endSlot: Numeric]>] | ['CANCEL', ...(['ID', taskId: Value] | ['ALL'])] | ['STATUS', ...(['ID', taskId: Value] | ['ALL'])]): Sent<C, Reply>

  /**
   * Returns the id of the node. Server documentation: CLUSTER MYID.
   *
   * O(1); since Redis 3.0.0. Resolves to `Bulk`.
   */
  clusterMyid(): Sent<C, Bulk<C>>

  /**
   * Returns the id of the node's shard. Server documentation: CLUSTER MYSHARDID.
   *
   * O(1); since Redis 7.2.0. Resolves to `Bulk`.
   */
  clusterMyshardid(): Sent<C, Bulk<C>>

  /**
   * Describes all nodes, one per line. Server documentation: CLUSTER NODES.
   *
   * O(N); since Redis 3.0.0. Resolves to `Bulk`.
   */
  clusterNodes(): Sent<C, Bulk<C>>

  /**
   * Describes the replicas of a node. Server documentation: CLUSTER REPLICAS.
   *
   * O(N); since Redis 5.0.0. Resolves to `Bulk[]`.
   */
  clusterReplicas(nodeId: Value): Sent<C, Bulk<C>[]>

  /**
   * Makes the node a replica of another. Server documentation: CLUSTER REPLICATE.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  clusterReplicate(...args: [nodeId: Value] | ['NO', 'ONE']): Sent<C, 'OK'>

  /**
   * Resets the node. Server documentation: CLUSTER RESET.
   *
   * O(N); since Redis 3.0.0. Resolves to `'OK'`.
   */
  clusterReset(...resetType: [] | [resetType: 'HARD' | 'SOFT']): Sent<C, 'OK'>

  /**
   * Writes the state of the cluster to disk. Server documentation: CLUSTER SAVECONFIG.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  clusterSaveconfig(): Sent<C, 'OK'>

  /**
   * Sets the configuration epoch of a new node. Server documentation: CLUSTER SET-CONFIG-EPOCH.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  clusterSetConfigEpoch(configEpoch: Numeric): Sent<C, 'OK'>

  /**
   * Says which node a hash slot belongs to. Server documentation: CLUSTER SETSLOT.
   *
   * O(1); since Redis 3.0.0. Resolves to `'OK'`.
   */
  clusterSetslot(slot: Numeric, ...args: [...(['IMPORTING', importing: Value] | ['MIGRATING', migrating: Value] | ['NODE', node: Value] | ['STABLE']), ...([] | ['TIMEOUT', timeout: Numeric])]): Sent<C, 'OK'>

  /**
   * Describes the shards of the cluster. Server documentation: CLUSTER SHARDS.
   *
   * O(N); since Redis 7.0.0. Resolves to `MapOf<Reply>[]`.
   */
  clusterShards(): Sent<C, MapOf<C, Reply>[]>

  /**
   * Describes the replicas of a node. Server documentation: CLUSTER SLAVES.
   *
   * O(N); since Redis 3.0.0. Resolves to `Bulk[]`.
   */
  clusterSlaves(nodeId: Value): Sent<C, Bulk<C>[]>

  /**
   * Returns statistics of hash slots. Server documentation: CLUSTER SLOT-STATS.
   *
   * O(N); since Valkey 8.0.0. Resolves to `[slot: number, statistics: MapOf<Reply>][]`.
   */
  clusterSlotStats(...filter: ['SLOTSRANGE', startSlot: Numeric, endSlot: Numeric] | ['ORDERBY', metric: Value, ...AnyOrder<{ limit: ['LIMIT', limit: Numeric]; order: [order: 'ASC' | 'DESC'] }>]): Sent<C, [slot: number, statistics: MapOf<C, Reply>][]>

  /**
   * Lists ranges of hash slots and their nodes. Server documentation: CLUSTER SLOTS.
   *
   * O(N); since Redis 3.0.0. Resolves to `Reply[]`.
   */
  clusterSlots(): Sent<C, Reply[]>

  /**
   * Lists a part of the keys of a cluster. Server documentation: CLUSTERSCAN.
   *
   * O(N); since Valkey 9.1.0. Resolves to `Reply`.
   */
  clusterscan(cursor: Value, ...options: AnyOrder<{ matchPattern: ['MATCH', matchPattern: Text]; count: ['COUNT', count: Numeric]; type: ['TYPE', type: Value]; slot: ['SLOT', slot: Numeric] }>): Sent<C, Reply>
}
