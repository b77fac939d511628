import { once } from 'node:events'
import type { Socket } from 'node:net'
import { dial, type Target } from '../proxy/proxy.js'
import { identityOf } from './identity.js'

/** A command that the server said it ran. */
export interface Ran {
  /** In capitals. */
  readonly name: string
  /** What distinguishes it: see `identityOf`. */
  readonly key: string
  /** Where it came from, such as `127.0.0.1:50000`: of a client, or of a master whose command a replica repeats. */
  readonly from?: string
}

/** How the monitor authenticates; without a password, it does not. */
export interface Credentials {
  readonly username?: string | undefined
  readonly password?: string | undefined
}

/** Resolves with the data after the next OK. */
async function confirmed(socket: Socket): Promise<string> {
  const [answer] = (await once(socket, 'data')) as [string]
  if (!answer.startsWith('+OK')) throw new Error(`the server does not allow MONITOR: ${answer.trim()}`)
  return answer.slice('+OK\r\n'.length)
}

/** A line of MONITOR up to the first three words of the command. */
const shown = /^\+\S+ \[\d+ ([^\]]*)\] "([^"\\]*)"(?: "([^"\\]*)")?(?: "([^"\\]*)")?/

/**
 * Sees what a server runs, by MONITOR on a separate connection without a proxy: neither a client nor a fault can falsify it.
 * It shares no code with the library.
 */
export class Monitor {
  readonly #socket: Socket
  readonly #onRan: (ran: Ran) => void
  #rest = ''

  private constructor(socket: Socket, onRan: (ran: Ran) => void) {
    this.#socket = socket
    this.#onRan = onRan
    socket.setEncoding('latin1').on('data', (text: string) => this.#read(text))
    // A killed server resets it. What the server ran until then was seen.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET') throw error
    })
  }

  /** Connects. After it resolves, everything that the server runs is seen. */
  static async start(server: Target, onRan: (ran: Ran) => void, credentials: Credentials = {}): Promise<Monitor> {
    const socket = dial(server).setEncoding('latin1')
    const { username, password } = credentials
    if (password !== undefined) {
      const words = ['AUTH', ...(username === undefined ? [] : [username]), password]
      socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`)
      await confirmed(socket)
    }
    socket.write('MONITOR\r\n')
    const rest = await confirmed(socket)
    const monitor = new Monitor(socket, onRan)
    monitor.#read(rest)
    return monitor
  }

  stop(): void {
    this.#socket.destroy()
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\r\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const [, from = '', shownName, ...args] = shown.exec(line) ?? []
      if (shownName === undefined) continue
      const name = shownName.toUpperCase()
      this.#onRan({
        name,
        key: identityOf(
          name,
          args.filter((each) => each !== undefined),
        ),
        from,
      })
    }
  }
}
