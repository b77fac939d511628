import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { atEnd } from '../../scripts/at-end.js'
import { findBinary, findServer, noServerMessage, serverBinaries } from '../../scripts/find-server.js'
import { freePort } from '../../scripts/free-port.js'

/** A real server that a test started and controls. */
export interface TestServer {
  readonly url: string
  readonly host: string
  readonly port: number
  /** Its own folder, deleted when it stops. */
  readonly folder: string
  /** Of its current process. */
  pid(): number | undefined
  /** Sends a signal to its process. If the signal ends the process, waits for that. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** The server programs on this machine, for `describe.each`. */
export function serverPrograms(): string[] {
  const found = serverBinaries.flatMap((name) => findBinary(name) ?? [])
  if (found.length === 0 && findServer() === undefined) throw new Error(noServerMessage)
  return found
}

/** The programs for tests that take long with each of them: the last one found. `npm run test:full` takes all of them. */
export function sampleOfPrograms(): string[] {
  return process.env.RESPITE_FULL === undefined ? serverPrograms().slice(-1) : serverPrograms()
}

/** For test titles. */
export const nameOf = (program: string): string => basename(program)

/** The program for tests that need only one. */
export function anyProgram(): string {
  const [program] = serverPrograms()
  if (program === undefined) throw new Error(`This test starts, stops and kills its server.\n${noServerMessage}`)
  return program
}

/**
 * Starts a server on a free port of loopback.
 *
 * @param configFile for tests that have the server write it
 * @param tries how many ports are tried, because another process may be faster
 */
export async function startServer(
  program = anyProgram(),
  args: readonly string[] = [],
  configFile?: string,
  tries = 5,
): Promise<TestServer> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'respite-server-'))
  const clear = (): void => rmSync(folder, { recursive: true, force: true })
  const forget = atEnd(clear)
  const base = [
    ...(configFile === undefined ? [] : [configFile]),
    ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
  ]
  let child: ChildProcess
  try {
    child = await launch(program, [...base, ...args], port)
  } catch (error) {
    forget()
    clear()
    // With `--cluster-enabled`, the server also needs the port that is greater by 10,000.
    if (tries < 2 || !String(error).includes('Address already in use')) throw error
    return startServer(program, args, configFile, tries - 1)
  }

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    folder,
    pid: () => child.pid,
    async kill(signal) {
      if (signal === 'SIGSTOP' || signal === 'SIGCONT') child.kill(signal)
      else await end(signal)
    },
    async restart() {
      await end('SIGKILL')
      child = await launch(program, [...base, ...args], port)
    },
    async stop() {
      child.kill('SIGCONT')
      await end('SIGKILL')
      forget()
      clear()
    },
  }
}

async function launch(program: string, args: readonly string[], port: number): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  child.once(
    'close',
    atEnd(() => child.kill('SIGKILL')),
  )
  let output = ''
  const ready = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      if (/ready to accept connections/i.test(output)) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${program} ended: ${output.slice(-500)}`)))
  })
  await ready
  await answersPing(port)
  return child
}

async function answersPing(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.write('PING\r\n')
  await once(socket, 'data')
  socket.destroy()
}
