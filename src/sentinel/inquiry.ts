import { RequestQueue } from '../connection/request/queue.js'
import type { Connector } from '../connection/supervisor/connector.js'
import type { Clock, Timer } from '../connection/timing/clock.js'
import { connectError } from '../connection/wire/connect-failure.js'
import type { Connection, ConnectionLifecycle, ConnectionOwner } from '../connection/wire/connection.js'
import type { ConnectionEnd } from '../connection/wire/connection-end.js'
import type { ConnectionSettings } from '../connection/wire/settings.js'
import { CommandRequest } from '../dispatch/command-request.js'
import type { RespiteError } from '../errors.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Reply } from '../protocol/types.js'
import { type MasterView, masterView } from './address.js'

/** What an inquiry needs. */
export interface InquiryDependencies {
  readonly connector: Connector
  readonly clock: Clock
  readonly callOptions: ResolvedCallOptions
  /** Milliseconds for connecting and for the answer, together. */
  readonly timeout: number
}

/** Receives the result of an inquiry. One of the two methods is called once, unless the inquiry is cancelled. */
export interface InquiryObserver {
  /** @param view undefined if the replies have no address */
  readonly onAnswer: (view: MasterView | undefined) => void
  readonly onFailed: (error: RespiteError) => void
}

/**
 * Asks one sentinel for the master, on a separate connection. Server documentation: SENTINEL GET-MASTER-ADDR-BY-NAME,
 * SENTINEL MASTER.
 */
export class Inquiry implements ConnectionOwner, ConnectionLifecycle {
  readonly #name: string
  readonly #dependencies: InquiryDependencies
  readonly #observer: InquiryObserver
  readonly #queue = new RequestQueue()
  readonly #timer: Timer
  readonly #connection: Connection
  #isOver = false

  constructor(
    name: string,
    settings: ConnectionSettings,
    dependencies: InquiryDependencies,
    observer: InquiryObserver,
  ) {
    this.#name = name
    this.#dependencies = dependencies
    this.#observer = observer
    const { clock, connector, timeout } = dependencies
    this.#timer = clock.after(timeout, () => {
      this.cancel()
      observer.onFailed(connectError(`no answer within ${timeout} ms`))
    })
    this.#connection = connector.dial(settings, this, this)
  }

  /** Ends the inquiry without calling the observer. */
  cancel(): void {
    this.#isOver = true
    this.#dependencies.clock.cancel(this.#timer)
    this.#connection.terminate()
  }

  onReady(connection: Connection): void {
    const replies = Promise.all([this.#ask('GET-MASTER-ADDR-BY-NAME'), this.#ask('MASTER')])
    connection.send(this.#queue)
    const { onAnswer, onFailed } = this.#observer
    const end =
      <Result>(tell: (result: Result) => void) =>
      (result: Result): void => {
        if (this.#isOver) return
        this.cancel()
        tell(result)
      }
    replies
      // This throws if a reply has a form that can't be read.
      .then((both) => masterView(...both))
      .then(end(onAnswer), end(onFailed))
  }

  #ask(subcommand: 'GET-MASTER-ADDR-BY-NAME' | 'MASTER'): Promise<Reply> {
    // Both only read, so sending them again is safe.
    const descriptor = { name: `SENTINEL ${subcommand}`, retryClass: 'read' } as const
    const args = ['SENTINEL', subcommand, this.#name]
    return new Promise<unknown>((resolve, reject) => {
      this.#queue.push(new CommandRequest(resolve, reject, this.#dependencies.callOptions, descriptor, args))
    }) as Promise<Reply>
  }

  onEnd(_: Connection, { reason }: ConnectionEnd): void {
    this.#isOver = true
    this.#dependencies.clock.cancel(this.#timer)
    this.#observer.onFailed(reason)
  }

  onRefusedForNow(_: Connection, request: CommandRequest, reply: Parameters<CommandRequest['answer']>[0] | null): void {
    request.answer(reply, false)
  }

  onWritable(connection: Connection): void {
    connection.send(this.#queue)
  }

  onDrained(): void {}

  onReadOnly(): void {}

  onPush(): void {}

  onUnowed(): boolean {
    return false
  }
}
