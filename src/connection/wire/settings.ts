import type { Limits } from '../../protocol/limits.js'
import type { DecodeMode } from '../../protocol/types.js'
import type { Endpoint } from '../transport/transport.js'
import type { HandshakeSettings } from './handshake.js'

/** What one connection needs to be made and watched. Times in milliseconds. */
export interface ConnectionSettings {
  readonly endpoint: Endpoint
  readonly handshake: HandshakeSettings
  readonly limits: Limits
  /** How pushes, and replies that no request is owed, are decoded. */
  readonly unowedMode: DecodeMode
  readonly connectTimeout: number
  readonly stallTimeout: number
  readonly pingInterval: number
}
