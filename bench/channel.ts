import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** What a process answers: once when it is ready, and once for each call. */
interface Answer {
  readonly result?: unknown
  readonly error?: string
}

/** How a process is started. */
export interface Program {
  /** JavaScript: it runs without a loader. */
  readonly script: string
  readonly args: readonly string[]
  /** What runs it. Default: this Node. */
  readonly execPath?: string | undefined
  readonly execArgv?: readonly string[]
}

/** The parent's end of the channel to a process that is measured. Calls are answered one at a time. */
export class Channel<Call> {
  readonly #name: string
  readonly #process: ChildProcess

  /** @param name for errors */
  constructor(name: string, { script, args, execPath = process.execPath, execArgv = [] }: Program) {
    this.#name = name
    this.#process = fork(script, args, {
      // What native code of a client writes is not for the report.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execPath,
      // Not those of this process.
      execArgv: [...execArgv],
    })
  }

  /** Waits for the next answer; the first one comes without a call. */
  answer(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => {
        reject(new Error(`${this.#name}: its process ended (${code})`))
      }
      this.#process.once('exit', onExit)
      this.#process.once('message', ({ result, error }: Answer) => {
        this.#process.off('exit', onExit)
        if (error === undefined) resolve(result)
        else reject(new Error(`${this.#name}: ${error}`))
      })
    })
  }

  /** Sends a call, and waits for its answer. */
  ask(call: Call): Promise<unknown> {
    // It may have ended between two calls.
    if (!this.#process.connected) return Promise.reject(new Error(`${this.#name}: its process has ended`))
    this.#process.send(call as object)
    return this.answer()
  }

  /** Sends the call that ends the process, and waits for the end. */
  async end(call: Call): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.send(call as object)
    await ended
  }
}

/**
 * The other end: says that this process is ready, then answers the calls of its parent.
 *
 * @param ready result of the first answer
 */
export function serve<Call>(ready: unknown, answer: (call: Call) => Promise<unknown>): void {
  const send = (message: Answer): void => {
    // The channel is closed once the call to end is done: nobody waits for an answer to that.
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
