import process from 'node:process'
import { OpaqueSocket } from './opaque-socket.js'
import type { SocketTransport } from './socket-transport.js'
import { TrackedSocket } from './tracked-socket.js'
import type { Endpoint, TransportHandler } from './transport.js'

/**
 * {@link TrackedSocket} relies on how Node.js reports which bytes the kernel took. Bun and Deno have the same
 * interface, but they do not use libuv's streams, so nothing can be proven there.
 */
const isNode = process.versions.bun === undefined && process.versions.deno === undefined

/** Opens TCP, Unix and TLS streams with Node's own modules. See `Dial`. */
export function dialSocket(endpoint: Endpoint, handler: TransportHandler): SocketTransport {
  return isNode && endpoint.tls === undefined
    ? new TrackedSocket(endpoint, handler)
    : new OpaqueSocket(endpoint, handler)
}
