import { lookup } from '../commands/catalogue.js'
import { CommandRequest } from '../dispatch/command-request.js'
import type { OnceClient } from '../dispatch/once-calls.js'
import type { OnceRequest } from '../dispatch/once-request.js'
import { ReplyError } from '../errors.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Argument, Reply } from '../protocol/types.js'

const args: readonly Argument[] = ['TIME']

/** The options of the client's own TIME request. No caller waits for it, and each new connection sends its own. */
const settings: ResolvedCallOptions = {
  buffers: false,
  maps: 'object',
  sets: 'array',
  integers: 'number',
  raw: false,
  signal: undefined,
  once: undefined,
  timeout: 0,
  retry: 'never',
  maxAttempts: 1,
}

/** It is no caller's: its reply does not show that the connection serves the callers' requests. */
class TimeRequest extends CommandRequest {
  override get isOwn(): boolean {
    return true
  }
}

/** What the server of a connection answered to TIME. */
type Answer =
  | { readonly connection: object | undefined; readonly difference: number }
  | { readonly connection: object | undefined; readonly refusal: ReplyError }

/**
 * Estimates the time of the server, which it asks for once on each connection. Apart from clock drift, the estimate is never
 * ahead of the server's clock, because the server read its clock before the reply arrived.
 *
 * Server documentation: TIME.
 */
export class ServerTime {
  readonly #client: OnceClient
  readonly #onFirst: () => void
  #answer: Answer | undefined

  /** @param onFirst called when the first answer has arrived */
  constructor(client: OnceClient, onFirst: () => void) {
    this.#client = client
    this.#onFirst = onFirst
  }

  /** Whether the current connection has answered. */
  get isKnown(): boolean {
    return this.#answer !== undefined && this.#answer.connection === this.#client.connection()
  }

  /** The client's own clock, in milliseconds. */
  clock(): number {
    return this.#client.now()
  }

  /**
   * Returns the server's time in milliseconds.
   * @throws ReplyError, fate `not-executed`, if the server refused TIME
   */
  now(request: OnceRequest): number {
    const answer = this.#answer
    if (answer === undefined) throw new Error('the server was not asked for its time')
    if ('difference' in answer) return this.clock() + answer.difference
    throw new ReplyError(answer.refusal.message, { ...request.detailsOf('not-executed'), cause: answer.refusal })
  }

  /** Asks again, because one of the two clocks was set, or stood still for a while. Until the answer, no call is tried first. */
  askAgain(): void {
    // Otherwise, it was asked already.
    if (!this.isKnown) return
    this.#answer = { ...(this.#answer as Answer), connection: undefined }
    this.ask()
  }

  /** Asks the current connection, before anything else is sent on it. */
  ask(): void {
    const connection = this.#client.connection()
    const onReply = (reply: unknown): void => {
      // `Number` would throw for a map with the keys `valueOf` and `toString`.
      const isFlat = Array.isArray(reply) && reply.every((part) => typeof part !== 'object')
      const [seconds, microseconds] = isFlat ? (reply as Reply[]) : []
      const time = Number(seconds) * 1_000 + Number(microseconds) / 1_000
      const difference = time - this.clock()
      if (Number.isFinite(difference)) this.#note({ connection: this.#client.connection(), difference })
      else onError(new ReplyError('the reply to TIME is not a time', { fate: 'refused', command: 'TIME' }))
    }
    const onError = (error: unknown): void => {
      // With another fate, it only waited too long: the server answered that it is busy until then.
      // After a loss, `onReady` asks on the next connection.
      if (error instanceof ReplyError && error.fate === 'refused')
        this.#note({ connection: this.#client.connection(), refusal: error })
      else if (connection === this.#client.connection()) this.ask()
    }
    this.#client.enqueueFirst(new TimeRequest(onReply, onError, settings, lookup(args), args))
  }

  #note(answer: Answer): void {
    const isFirst = this.#answer === undefined
    this.#answer = answer
    this.#client.flushSoon()
    if (isFirst) this.#onFirst()
  }
}
