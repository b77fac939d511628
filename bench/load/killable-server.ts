import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinary } from '../../scripts/find-server.js'

/** A server of this machine that is killed, and started again on its port. */
export class KillableServer {
  readonly port: number
  readonly #program: string
  readonly #folder = mkdtempSync(join(tmpdir(), 'respite-load-'))
  #process: ChildProcess | undefined

  /** @throws Error if no server is installed */
  constructor(port: number) {
    const program = findBinary('valkey-server') ?? findBinary('redis-server')
    if (program === undefined) throw new Error('no valkey-server or redis-server is on the PATH')
    this.#program = program
    this.port = port
    process.once('exit', () => this.#process?.kill('SIGKILL'))
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Starts it, and waits until it takes connections. */
  async start(): Promise<void> {
    const args = [
      '--port',
      String(this.port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      this.#folder,
    ]
    const started = spawn(this.#program, args, { stdio: 'ignore' })
    this.#process = started
    while (!(await this.#isListening())) {
      if (started.exitCode !== null) throw new Error(`${this.#program} ended with ${started.exitCode}`)
      await sleep(5)
    }
  }

  /** Ends it as a crash would: nothing is written, and nothing is said to its clients. */
  async kill(): Promise<void> {
    const ending = this.#process
    this.#process = undefined
    if (ending === undefined) return
    const ended = once(ending, 'exit')
    ending.kill('SIGKILL')
    await ended
  }

  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #isListening(): Promise<boolean> {
    const socket = connect({ port: this.port, host: '127.0.0.1' })
    try {
      await once(socket, 'connect')
      return true
    } catch {
      return false
    } finally {
      socket.destroy()
    }
  }
}
