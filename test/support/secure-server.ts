import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from '../../scripts/at-end.js'
import { freePort } from '../../scripts/free-port.js'
import type { ClientOptions } from '../../src/index.js'
import { selfSigned } from './certificate.js'
import { startServer, type TestServer } from './server.js'

/** How a test reaches its server. */
export type Way = 'TCP' | 'TLS'

/** A real server that listens on a plain and on an encrypted port. */
export interface SecureServer extends TestServer {
  /** Options for a client; `port` is that of a proxy in front of the server. */
  options(way: Way, port?: number): ClientOptions
  /** The port for this way. */
  portOf(way: Way): number
}

export async function startSecureServer(program: string, args: readonly string[] = []): Promise<SecureServer> {
  const folder = mkdtempSync(join(tmpdir(), 'respite-keys-'))
  const clear = (): void => rmSync(folder, { recursive: true, force: true })
  const forget = atEnd(clear)
  const { cert } = selfSigned(folder)
  const tlsPort = await freePort()
  const file = (name: string): string => join(folder, name)
  const tls = ['--tls-port', String(tlsPort), '--tls-auth-clients', 'no', '--tls-cert-file', file('cert.pem')]
  const server = await startServer(program, [
    ...tls,
    ...['--tls-key-file', file('key.pem'), '--tls-ca-cert-file', file('cert.pem')],
    ...args,
  ])
  const portOf = (way: Way): number => (way === 'TLS' ? tlsPort : server.port)
  return {
    ...server,
    portOf,
    options(way, port = portOf(way)) {
      const plain = { host: '127.0.0.1', port }
      return way === 'TCP' ? plain : { ...plain, tls: { ca: cert, servername: 'localhost' } }
    },
    async stop() {
      await server.stop()
      forget()
      clear()
    },
  }
}
