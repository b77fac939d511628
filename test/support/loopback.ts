import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { dialSocket } from '../../src/connection/transport/socket.js'
import type { Endpoint, Transport, TransportEnd } from '../../src/connection/transport/transport.js'
import type { Certificate } from './certificate.js'

/** The kinds of transport under test. */
export type TransportKind = 'TCP' | 'Unix' | 'TLS'

/** The far end of real transports. It reads nothing until told to. */
export class Loopback {
  readonly endpoint: Endpoint
  readonly #listener: Server
  readonly #folder: string | undefined
  readonly #accepted: Socket[] = []
  /** All sockets, including those below TLS, whose handshake may have failed. */
  readonly #sockets = new Set<Socket>()

  private constructor(listener: Server, endpoint: Endpoint, folder: string | undefined) {
    this.#listener = listener
    this.endpoint = endpoint
    this.#folder = folder
    listener.on('connection', (socket) => this.#sockets.add(socket))
  }

  /** @param certificate for TLS: the certificate of the peer, which the endpoint trusts */
  static async start(kind: TransportKind, certificate?: Certificate): Promise<Loopback> {
    const accept = (socket: Socket): void => {
      socket.pause()
      socket.on('error', () => {})
      loopback.#accepted.push(socket)
    }
    const listener =
      kind === 'TLS'
        ? createTlsServer({ ...certificate }, accept)
        : createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept)
    const folder = kind === 'Unix' ? mkdtempSync(join(tmpdir(), 'respite-loopback-')) : undefined
    const path = folder === undefined ? undefined : join(folder, 'peer.sock')
    if (path === undefined) listener.listen(0, '127.0.0.1')
    else listener.listen(path)
    await once(listener, 'listening')
    const address = listener.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const tls = certificate === undefined ? undefined : { ca: certificate.cert, servername: 'localhost' }
    const loopback = new Loopback(listener, { host: '127.0.0.1', port, path, tls, keepAliveDelay: 30_000 }, folder)
    return loopback
  }

  /** An open transport, and its peer. */
  async connect(): Promise<{ near: Near; peer: Socket }> {
    const accepted = once(this.#listener, this.endpoint.tls === undefined ? 'connection' : 'secureConnection')
    const near = new Near(this.endpoint)
    await near.opened
    await accepted
    return { near, peer: this.#accepted.at(-1) as Socket }
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#listener.close()
    await once(this.#listener, 'close')
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** This end of a transport. It records the calls of its handler. */
export class Near {
  readonly transport: Transport
  /** Calls of the handler, in order. */
  readonly calls: string[] = []
  /** Received text. */
  text = ''
  /** Called in addition by `onWritten`. */
  onWritten: () => void = () => {}
  /** Memory for the next bytes. */
  wanted: () => Buffer | undefined = () => undefined
  readonly opened: Promise<void>
  readonly ended: Promise<TransportEnd>

  constructor(endpoint: Endpoint) {
    let opened = (): void => {}
    let ended = (_end: TransportEnd): void => {}
    this.opened = new Promise((resolve) => {
      opened = resolve
    })
    this.ended = new Promise((resolve) => {
      ended = resolve
    })
    this.transport = dialSocket(endpoint, {
      onSecuring: () => {
        this.calls.push('securing')
      },
      onOpen: () => {
        this.calls.push('open')
        opened()
      },
      onData: (chunk) => {
        this.calls.push('data')
        this.text += chunk.toString()
      },
      wanted: () => this.wanted(),
      onFilled: (bytes) => {
        this.calls.push(`filled ${bytes}`)
      },
      onWritten: () => {
        this.calls.push('written')
        this.onWritten()
      },
      onEnd: (end) => {
        this.calls.push('end')
        ended(end)
      },
    })
  }

  /** Resolves with the next `onWritten`. */
  written(): Promise<void> {
    return new Promise((resolve) => {
      this.onWritten = () => {
        this.onWritten = () => {}
        resolve()
      }
    })
  }
}

/** Reads on the far end until this many bytes have arrived. */
export async function readAll(peer: Socket, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  await new Promise<void>((resolve) => {
    const read = (chunk: Buffer): void => {
      chunks.push(chunk)
      length += chunk.length
      if (length < bytes) return
      peer.off('data', read)
      resolve()
    }
    peer.on('data', read)
    peer.resume()
  })
  return Buffer.concat(chunks)
}
