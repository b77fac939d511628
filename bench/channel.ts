import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { atEnd } from '../scripts/at-end.js'

/** The answer of a process: one when it is ready, and one for each call. */
interface Answer {
  readonly result?: unknown
  readonly error?: string
}

/** How a process is started. */
export interface Program {
  /** JavaScript: it runs without a loader. */
  readonly script: string
  readonly args: readonly string[]
  /** The program that runs it. Default: this Node. */
  readonly execPath?: string | undefined
  readonly execArgv?: readonly string[]
  /** What its environment has beyond that of this process. */
  readonly env?: Readonly<Record<string, string>>
}

/** How long a process may take to end, in milliseconds: some clients wait for ever for a server that has gone. */
const endLimitMs = 5_000

/** The parent's end of the channel to a process that measures. Calls are answered one at a time. */
export class Channel<Call extends object> {
  readonly #name: string
  readonly #process: ChildProcess

  /** @param name for errors */
  constructor(name: string, { script, args, execPath = process.execPath, execArgv = [], env }: Program) {
    this.#name = name
    this.#process = fork(script, args, {
      // The output of native code of a client must not appear in the report.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execPath,
      // Not those of this process.
      execArgv: [...execArgv],
      env: { ...process.env, ...env },
    })
    // It uses what is ended after it.
    this.#process.once(
      'exit',
      atEnd(() => this.#process.kill('SIGKILL')),
    )
  }

  /** Waits for the next answer; the first one comes without a call. */
  answer(): Promise<unknown> {
    return this.#exchange(undefined)
  }

  /** Sends a call, and waits for its answer. */
  ask(call: Call): Promise<unknown> {
    return this.#exchange(call)
  }

  /** Sends the call that ends the process, and waits until it has ended. It is killed if that takes longer than the limit. */
  async end(call: Call, limitMs = endLimitMs): Promise<void> {
    if (this.#hasExited) return
    const ended = once(this.#process, 'exit')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), limitMs)
    // If it can't be sent, the process is ending already.
    this.#process.send(call, () => {})
    await ended
    clearTimeout(timer)
  }

  get #hasExited(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  /** @param call undefined to wait for the first answer */
  #exchange(call: Call | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#process.off('exit', onEnd).off('message', onMessage)
      }
      const onEnd = (): void => {
        stop()
        reject(
          new Error(`${this.#name}: its process has ended (${this.#process.exitCode ?? this.#process.signalCode})`),
        )
      }
      const onMessage = ({ result, error }: Answer): void => {
        stop()
        if (error === undefined) resolve(result)
        else reject(new Error(`${this.#name}: ${error}`))
      }
      if (this.#hasExited) {
        onEnd()
        return
      }
      this.#process.on('exit', onEnd).on('message', onMessage)
      // If it fails, the process is ending: `exit` follows. Without a function here, the failure would be an uncaught error.
      if (call !== undefined) this.#process.send(call, () => {})
    })
  }
}

/**
 * The child's end: reports that this process is ready, then answers the calls of its parent. The process ends with the channel: if
 * the parent is gone, nobody else ends it.
 *
 * @param ready result of the first answer
 */
export function serve<Call extends object>(ready: unknown, answer: (call: Call) => Promise<unknown>): void {
  if (!process.connected) process.exit()
  process.once('disconnect', () => process.exit())
  const send = (message: Answer): void => {
    // After the call that ends the process, the channel is closed: nobody waits for an answer.
    if (process.connected) process.send?.(message)
  }
  process.on('message', (call: Call) => {
    answer(call).then(
      (result) => send({ result }),
      (error: unknown) => send({ error: error instanceof Error ? String(error.stack) : String(error) }),
    )
  })
  send({ result: ready })
}
