export type { Status } from './connection/supervisor/state.js'
export { CoreClient, CoreScopedClient, CoreTransaction, createClient } from './core/client.js'
export type { ClientEvents, ClientStats, InFlightCommand } from './core/observation.js'
export {
  AbortError,
  ClientClosedError,
  ConnectError,
  ConnectionLostError,
  type Fate,
  HandshakeError,
  type HandshakeStep,
  IntegerTooLargeError,
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
  TlsOptions,
} from './options/options.js'
export type { Argument, Reply } from './protocol/types.js'
