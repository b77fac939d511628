import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '../dist/index.js'
import { atEnd } from '../scripts/at-end.js'
import { findBinary } from '../scripts/find-server.js'
import { freePort } from '../scripts/free-port.js'
import { type Target, urlOf } from './target.js'

/** The same server, over TLS. */
export interface SecureTarget {
  readonly target: Target
  /** Deletes the certificate. */
  close(): void
}

/**
 * Has a server of this machine listen on a TLS port, too, with a certificate that processes started from now on accept: they inherit
 * the variable NODE_EXTRA_CA_CERTS. Server documentation: CONFIG SET.
 *
 * @returns undefined if openssl is not installed, or if the server was built without TLS
 */
export async function openTls(plain: Target): Promise<SecureTarget | undefined> {
  if (findBinary('openssl') === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'respite-bench-tls-'))
  const clear = (): void => rmSync(folder, { recursive: true, force: true })
  const forget = atEnd(clear)
  const { authority, certificate, key } = certify(folder)
  const port = await freePort()
  const files = ['tls-cert-file', certificate, 'tls-key-file', key, 'tls-ca-cert-file', authority]
  const admin = createClient(urlOf(plain))
  try {
    const settings = [...files, 'tls-auth-clients', 'no', 'tls-port', String(port)]
    await admin.call('CONFIG', 'SET', ...settings)
  } catch {
    forget()
    clear()
    return undefined
  } finally {
    await admin.close()
  }
  const before = process.env.NODE_EXTRA_CA_CERTS
  process.env.NODE_EXTRA_CA_CERTS = authority
  return {
    target: { ...plain, port, tls: true },
    close() {
      if (before === undefined) delete process.env.NODE_EXTRA_CA_CERTS
      else process.env.NODE_EXTRA_CA_CERTS = before
      forget()
      clear()
    },
  }
}

/** Creates a certificate authority, and a certificate of it for this machine. Not self-signed: valkey-glide does not accept that. */
function certify(folder: string): { authority: string; certificate: string; key: string } {
  const file = (name: string): string => join(folder, name)
  const [authority, authorityKey] = [file('authority.pem'), file('authority-key.pem')]
  const [certificate, key] = [file('certificate.pem'), file('key.pem')]
  const request = (args: readonly string[]): void => {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...args], {
      stdio: 'ignore',
    })
  }
  request(['-keyout', authorityKey, '-out', authority, '-subj', '/CN=benchmark'])
  request([
    ...['-CA', authority, '-CAkey', authorityKey, '-keyout', key, '-out', certificate, '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE'],
  ])
  return { authority, certificate, key }
}
