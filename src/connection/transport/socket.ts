import process from 'node:process'
import { messageOf } from '../../errors.js'
import { FailedTransport } from './failed-transport.js'
import { OpaqueSocket } from './opaque-socket.js'
import { TrackedSocket } from './tracked-socket.js'
import type { Dial } from './transport.js'

/**
 * {@link TrackedSocket} relies on how Node.js reports which bytes the kernel took. Bun and Deno have the same
 * interface, but they do not use libuv's streams, so nothing can be proven there.
 */
const isNode = process.versions.bun === undefined && process.versions.deno === undefined

/** Opens TCP, Unix and TLS streams with Node's own modules. */
export const dialSocket: Dial = (endpoint, handler) => {
  const isTls = endpoint.tls !== undefined
  try {
    return isNode && !isTls ? new TrackedSocket(endpoint, handler) : new OpaqueSocket(endpoint, handler)
  } catch (cause) {
    // The runtime throws for some invalid options, such as an invalid certificate or a host with a null byte.
    const error = new Error(messageOf(cause), { cause })
    return new FailedTransport(isTls ? Object.assign(error, { code: 'ERR_TLS_OPTIONS' }) : error, handler)
  }
}
