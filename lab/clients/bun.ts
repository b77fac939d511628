import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findBinary } from '../../scripts/find-server.js'
import type { Answer, Call, Setup } from './bun-child.js'
import type { Hearing, MakeClient } from './client.js'

/** The program that the variable BUN names, or one on the PATH; undefined if there is none. */
export const findBun = (): string | undefined => process.env.BUN || findBinary('bun')

/** @throws Error if there is no such program */
export function mustFindBun(): string {
  const program = findBun()
  if (program === undefined) throw new Error('there is no Bun: put it on the PATH, or its path into the variable BUN')
  return program
}

/** Bun's own client. It runs in a process of Bun, which is told what to call; it can't cancel commands, and has no queue limit. */
export const makeBun: MakeClient = (port, settings, hooks) => {
  const { isUnheard: _, masterName, seeds, ...rest } = settings
  const child = new BunProcess({ port, ...rest }, hooks.onStatus)
  return {
    connect: async () => {
      if (masterName !== undefined) throw new Error("Bun's client has no support for Sentinel")
      if (seeds !== undefined) throw new Error("Bun's client has no support for clusters")
      await child.call('connect')
    },
    get: (key) => child.call('get', key),
    set: (key, value) => child.call('set', key, value),
    incr: (key) => child.call('incr', key),
    blpop: (key, seconds) => child.call('blpop', key, String(seconds)),
    incrBoth: (first, second) => child.call('incrBoth', first, second),
    subscribe: (channel, hearing) => {
      child.hearing = hearing
      return child.call('subscribe', channel)
    },
    close: () => child.call('close'),
    destroy: () => child.end(),
  }
}

interface Pending {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** A process of Bun, and the calls that it has not answered yet. */
class BunProcess {
  /** Receives the messages of channels. */
  hearing: Hearing | undefined
  readonly #process: ChildProcess
  readonly #pending = new Map<number, Pending>()
  #batch: Call[] = []
  #count = 0
  #hasEnded = false

  constructor(setup: Setup, onStatus: (text: string) => void) {
    const program = mustFindBun()
    const script = fileURLToPath(new URL('bun-child.ts', import.meta.url))
    this.#process = fork(script, {
      // Not an argument: everybody could read the password.
      env: { ...process.env, RESPITE_LAB_BUN: JSON.stringify(setup) },
      execPath: program,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let complaint = ''
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      complaint += chunk.toString()
    })
    this.#process.on('message', (message) => {
      const answer = message as Answer
      if ('status' in answer) onStatus(answer.status)
      else if ('heard' in answer) this.hearing?.onMessage(answer.heard)
      else this.#settle(answer)
    })
    this.#process.once('exit', (code) => {
      // As in the processes of the other clients, an exception that nobody catches is recorded.
      if (!this.#hasEnded) throw new Error(`the process of Bun ended with ${code}: ${complaint.trim()}`)
    })
  }

  /** Calls a method. Calls of one tick go together, and are called in one tick there. */
  call(method: Call['method'], ...args: string[]): Promise<unknown> {
    this.#count += 1
    const id = this.#count
    if (this.#batch.length === 0) queueMicrotask(() => this.#flush())
    this.#batch.push({ id, method, args })
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }))
  }

  end(): void {
    this.#hasEnded = true
    this.#process.kill('SIGKILL')
  }

  #flush(): void {
    const batch = this.#batch
    this.#batch = []
    if (this.#process.connected) this.#process.send(batch)
  }

  #settle({ id, value, error }: Extract<Answer, { readonly id: number }>): void {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (error === undefined) pending?.resolve(value)
    else pending?.reject(Object.assign(new Error(error.message), { name: error.name }))
  }
}
