/**
 * The client without typed methods, pool, sessions and subscriptions.
 * @module respite/core
 */

export type { CommandDescriptor } from './commands/descriptor.js'
export type { RetryClass } from './commands/retry.js'
export type { CommandExecutor } from './commands/sender.js'
export type { FenceResult } from './connection/fence/fence.js'
export type { Status } from './connection/supervisor/state.js'
export { type CoreClient, type CoreScopedClient, type CoreTransaction, createClient } from './core/client.js'
export type { ClientEvents, ClientStats, InFlightCommand } from './core/observation.js'
export type { CommandTrace, ConnectionPurpose, ConnectionTrace, TracedServer } from './dispatch/diagnostics.js'
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
  TimeoutError,
  TransactionError,
  UsageError,
} from './errors.js'
export type {
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
