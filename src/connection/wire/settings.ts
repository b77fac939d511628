import type { Limits } from '../../protocol/limits.js'
import type { DecodeMode } from '../../protocol/types.js'
import type { Endpoint } from '../transport/transport.js'
import type { HandshakeSettings } from './handshake.js'

/** Everything that is needed to open and monitor one connection. Times are in milliseconds. */
export interface ConnectionSettings {
  readonly endpoint: Endpoint
  readonly handshake: HandshakeSettings
  readonly limits: Limits
  /** How to decode pushes, and replies that no request is waiting for. */
  readonly unowedMode: DecodeMode
  readonly connectTimeout: number
  readonly stallTimeout: number
  readonly pingInterval: number
}
