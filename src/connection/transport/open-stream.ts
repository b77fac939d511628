import { connect as connectPlain, isIP, type LookupFunction, type NetConnectOpts, Socket } from 'node:net'
import process from 'node:process'
import type { ConnectionOptions } from 'node:tls'
import { messageOf } from '../../errors.js'
import type { Endpoint } from './transport.js'

/** Opens a TCP, Unix or TLS socket. */
export function openStream(endpoint: Endpoint, reading: Pick<NetConnectOpts, 'onread'>): Socket {
  const { tls } = endpoint
  return guarded(
    () => (tls === undefined ? openPlain(endpoint, reading) : openTls(endpoint, tls)),
    // The runtime throws for some invalid options, such as an invalid certificate or a host with a null byte.
    (cause) => new Socket().destroy(Object.assign(errorOf(cause), { code: tls && 'ERR_TLS_OPTIONS' })),
  )()
}

function openPlain(
  { host, port, path, keepAliveDelay, tcp }: Endpoint,
  reading: Pick<NetConnectOpts, 'onread'>,
): Socket {
  if (path !== undefined) return connectPlain({ path, ...reading })
  return connectPlain({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveDelay,
    ...tcp,
    lookup: lookingUpLater(tcp?.lookup),
    ...reading,
  })
}

function openTls({ host, port, path, keepAliveDelay, tcp }: Endpoint, tls: ConnectionOptions): Socket {
  // The module is loaded only when TLS is used, because loading it takes longer than everything else that this package
  // loads.
  const { connect } = process.getBuiltinModule('node:tls')
  const socket = connect({
    ...(path === undefined ? { host, port, ...tcp } : { path }),
    // An address is no name that TLS can ask for.
    ...(isIP(host) === 0 && { servername: host }),
    ...tls,
    ...(tls.checkServerIdentity && { checkServerIdentity: guarded(tls.checkServerIdentity, errorOf) }),
    lookup: lookingUpLater(tls.lookup ?? tcp?.lookup),
  })
  socket.setNoDelay(true)
  socket.setKeepAlive(true, keepAliveDelay)
  return socket
}

/**
 * The option `lookup`, called in a microtask like all code of the user (see src/notify.ts). It may call the client, and even destroy
 * it, while the socket would still be unknown to the client. If it throws or rejects, or passes on something that Node.js can't
 * use, such as an empty list, the attempt to connect fails.
 */
function lookingUpLater(lookup: LookupFunction | undefined): LookupFunction | undefined {
  if (lookup === undefined) return undefined
  return (host, options, done) => {
    const fail = (cause: unknown): void => done(errorOf(cause), '')
    Promise.resolve()
      .then(() => lookup(host, options, guarded(done, fail)))
      .catch(fail)
  }
}

/** A function that handles its own exceptions. An event, or the user's code, calls it, where they would end the process. */
function guarded<Args extends unknown[], R>(call: (...args: Args) => R, handle: (cause: unknown) => R) {
  return (...args: Args): R => {
    try {
      return call(...args)
    } catch (cause) {
      return handle(cause)
    }
  }
}

const errorOf = (cause: unknown): Error => new Error(messageOf(cause), { cause })
