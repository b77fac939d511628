import { connect as connectPlain, isIP, type LookupFunction, type NetConnectOpts, Socket } from 'node:net'
import process from 'node:process'
import type { ConnectionOptions } from 'node:tls'
import { messageOf } from '../../errors.js'
import type { Endpoint } from './transport.js'

/** Opens a TCP, Unix or TLS socket. */
export function openStream(endpoint: Endpoint, reading: Pick<NetConnectOpts, 'onread'>): Socket {
  const { tls } = endpoint
  try {
    return tls === undefined ? openPlain(endpoint, reading) : openTls(endpoint, tls)
  } catch (cause) {
    // The runtime throws for some invalid options, such as an invalid certificate or a host with a null byte.
    const error = new Error(messageOf(cause), { cause })
    return new Socket().destroy(Object.assign(error, { code: tls && 'ERR_TLS_OPTIONS' }))
  }
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
  const servername = tls.servername ?? (isIP(host) === 0 ? host : undefined)
  // The module is loaded only when TLS is used, because loading it takes longer than everything else that this package
  // loads.
  const { connect } = process.getBuiltinModule('node:tls')
  const socket = connect({
    ...(path === undefined ? { host, port, ...tcp } : { path }),
    ...(servername === undefined ? {} : { servername }),
    ...tls,
    lookup: lookingUpLater(tls.lookup ?? tcp?.lookup),
  })
  socket.setNoDelay(true)
  socket.setKeepAlive(true, keepAliveDelay)
  return socket
}

/**
 * The option `lookup`, called in a microtask like all code of the user (see src/notify.ts). It may call the client, and even destroy
 * it, while the socket would still be unknown to the client. If it throws or rejects, the attempt to connect fails.
 */
function lookingUpLater(lookup: LookupFunction | undefined): LookupFunction | undefined {
  if (lookup === undefined) return undefined
  return (host, options, done) => {
    Promise.resolve()
      .then(() => lookup(host, options, done))
      .catch((cause: unknown) => done(new Error(messageOf(cause), { cause }), ''))
  }
}
