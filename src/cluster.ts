/**
 * For clusters.
 * @module respite/cluster
 */

export { Cluster, createCluster } from './cluster/cluster.js'
export type {
  ClusterEvents,
  ClusterInFlightCommand,
  ClusterNode,
  ClusterStats,
  TopologyChange,
} from './cluster/cluster-observation.js'
export type {
  ClusterCallOptions,
  ClusterDefaultsOf,
  ClusterOptions,
  ClusterOptionsOf,
  Seed,
} from './cluster/cluster-options.js'
export type { RoutedClient } from './cluster/routed-client.js'
export type { Address } from './cluster/view.js'
export { type Script, script } from './commands/script.js'
export type { Transaction } from './commands/transaction.js'
export type { DefaultReplies, Only, RepliesOf, ReplyOptions } from './commands/types/replies.js'
export type { Status } from './connection/supervisor/state.js'
export type { ScopedClient } from './dispatch/scoped-client.js'
export {
  AbortError,
  ClientClosedError,
  ConnectError,
  ConnectionLostError,
  type Fate,
  HandshakeError,
  IntegerTooLargeError,
  type Part,
  PartialError,
  ProtocolError,
  QueueFullError,
  RedirectError,
  ReplyError,
  RespiteError,
  SessionLostError,
  TimeoutError,
  TransactionError,
  UsageError,
} from './errors.js'
export type { Receipt } from './once/receipt.js'
export type { Argument, Reply } from './protocol/types.js'
export type {
  AsBuffers,
  AsClient,
  AsText,
  Gap,
  Message,
  SubscribeOptions,
  Subscription,
} from './pubsub/subscription.js'
export type { Session } from './sessions/session.js'
