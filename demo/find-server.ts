import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BuiltInServer } from '../lab/server/server.js'
import { atEnd } from '../scripts/at-end.js'
import { findBinary } from '../scripts/find-server.js'
import { freePort } from '../scripts/free-port.js'
import { resolveOptions } from '../src/options/resolve.js'

/** The server that a demonstration runs on. */
export interface DemoServer {
  readonly host: string
  readonly port: number
  /** Its Unix socket, where the URL names one: host and port mean nothing then. */
  readonly path?: string | undefined
  /** As `createClient` takes it. A string: not every URL of a Unix socket is one to the class URL. */
  readonly url: string
  readonly description: string
  /** Of the process that was started for the purpose. */
  readonly pid?: number | undefined
  stop(): Promise<void>
}

/**
 * A server: the one that the user names; else a program found on the PATH, started for the purpose; else the built-in one.
 * What listens on this machine without having been named is left alone.
 */
export async function findDemoServer(url: string | undefined): Promise<DemoServer> {
  if (url !== undefined && url !== '') {
    const { host, port, path } = resolveOptions(url)
    return { host, port, path, url, description: 'the server of the URL given', stop: async () => {} }
  }
  for (const name of ['valkey-server', 'redis-server']) {
    const path = findBinary(name)
    if (path !== undefined) return startProgram(path)
  }
  const server = await BuiltInServer.start()
  return { ...local(server.port), description: 'the built-in server', stop: () => server.stop() }
}

function local(port: number): { host: string; port: number; url: string } {
  return { host: '127.0.0.1', port, url: `redis://127.0.0.1:${port}` }
}

async function startProgram(path: string): Promise<DemoServer> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'respite-demo-'))
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const end = (): void => {
    child.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  const forget = atEnd(end)
  await readiness(child, path)
  return {
    ...local(port),
    description: `${path}, started on port ${port}`,
    pid: child.pid,
    async stop() {
      forget()
      const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
      end()
      await exited
    },
  }
}

function readiness(child: ChildProcess, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (/ready to accept connections/i.test(output)) resolve()
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${path} ended: ${output}`)))
  })
}
