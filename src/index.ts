/**
 * The client for one server, or for a master that is found with Redis Sentinel.
 * @module respite
 */

export { Client, createClient } from './client.js'
export type { CommandDescriptor } from './commands/descriptor.js'
export type { RetryClass } from './commands/retry.js'
export { type Script, script } from './commands/script.js'
export type { CommandExecutor } from './commands/sender.js'
export type { Transaction } from './commands/transaction.js'
export type {
  Digits,
  FieldsOf,
  Numeric,
  OneOrMore,
  Pairs,
  Repeated,
  Spread,
  Text,
  Value,
  ZeroOrMore,
} from './commands/types/arguments.js'
export type {
  Bulk,
  DefaultReplies,
  Int,
  MapOf,
  Only,
  RepliesOf,
  ReplyOptions,
  ScanReply,
  SetOf,
  StreamEntry,
  TextMapOf,
  Time,
  Times,
} from './commands/types/replies.js'
export type { FenceResult } from './connection/fence/fence.js'
export type { Status } from './connection/supervisor/state.js'
export type { ClientEvents, ClientStats, InFlightCommand } from './core/observation.js'
export type { ClientOptionsOf, DefaultsOf } from './core/options-of.js'
export type { CommandTrace, ConnectionPurpose, ConnectionTrace, TracedServer } from './dispatch/diagnostics.js'
export type { ScanOptions } from './dispatch/scan.js'
export type { ScopedClient } from './dispatch/scoped-client.js'
export {
  AbortError,
  ClientClosedError,
  ConnectError,
  ConnectionLostError,
  type ErrorDetails,
  type Fate,
  HandshakeError,
  type HandshakeStep,
  IntegerTooLargeError,
  type LateDetails,
  ProtocolError,
  QueueFullError,
  ReplyError,
  RespiteError,
  SessionLostError,
  TimeoutError,
  TransactionError,
  UsageError,
} from './errors.js'
export { isClient } from './is-client.js'
export type { Receipt } from './once/receipt.js'
export type {
  BlockingOptions,
  CallOptions,
  ClientOptions,
  Credentials,
  CredentialsProvider,
  ReconnectBackoff,
  ReconnectFunction,
  RetryPolicy,
  SentinelAddress,
  SentinelOptions,
  TlsOptions,
} from './options/options.js'
export type { Limits } from './protocol/limits.js'
export type { Argument, Reply } from './protocol/types.js'
export type { OverflowPolicy } from './pubsub/message-buffer.js'
export type {
  AsBuffers,
  AsClient,
  AsText,
  Gap,
  Message,
  SubscribeOptions,
  Subscription,
} from './pubsub/subscription.js'
export type { Prepare } from './sessions/optimistic-locking.js'
export type { Session } from './sessions/session.js'
