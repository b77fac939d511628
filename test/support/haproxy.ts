import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBinary } from '../../scripts/find-server.js'
import { freePort } from '../../scripts/free-port.js'

/** The path of haproxy on this machine, or undefined. */
export const haproxyProgram = findBinary('haproxy')

/** A HAProxy in front of one server, controlled by a test. */
export interface TestHaproxy {
  readonly url: string
  /** Idle links that it has cut, according to its log: `cD` or `sD`, the client's or the server's timeout. */
  readonly idleCuts: number
  /** Kills it with -9. */
  kill(): Promise<void>
  /** Starts it again on the same port. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts HAProxy in TCP mode.
 * @param serverPort port of the server behind it, on loopback
 * @param idleMs milliseconds of silence after which it cuts a link, on either side
 */
export async function startHaproxy(serverPort: number, idleMs: number): Promise<TestHaproxy> {
  if (haproxyProgram === undefined) throw new Error('haproxy is not on the PATH')
  const program = haproxyProgram
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'respite-haproxy-'))
  const file = join(folder, 'haproxy.cfg')
  writeFileSync(file, configuration(port, serverPort, idleMs))
  let log = ''
  const launch = async (): Promise<ChildProcess> => {
    const started = spawn(program, ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        log += chunk.toString()
      })
    }
    const failed = once(started, 'exit').then(() => Promise.reject(new Error(`haproxy ended: ${log.slice(-500)}`)))
    await Promise.race([accepts(port, started), failed])
    failed.catch(() => {})
    return started
  }
  let child = await launch()

  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    get idleCuts() {
      return log.match(/ [cs]D /g)?.length ?? 0
    },
    kill: end,
    async restart() {
      await end()
      child = await launch()
    },
    async stop() {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const configuration = (port: number, serverPort: number, idleMs: number): string => `
global
  log stdout format raw local0
defaults
  mode tcp
  log global
  option tcplog
  retries 0
  timeout connect 500ms
  timeout client ${idleMs}ms
  timeout server ${idleMs}ms
listen redis
  bind 127.0.0.1:${port}
  server redis 127.0.0.1:${serverPort}
`

/** HAProxy does not report when it is listening: connect until it no longer refuses. */
async function accepts(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
  }
}
