import type { CommandDescriptor } from '../commands/descriptor.js'
import type { Text } from '../commands/sender.js'
import { table } from '../commands/table.js'
import type { SessionQueue } from '../connection/leased/session-queue.js'
import type { Diagnostics } from '../dispatch/diagnostics.js'
import type { DispatchTarget } from '../dispatch/dispatcher.js'
import { ReplyMode } from '../dispatch/reply-mode.js'
import { ScopedClient } from '../dispatch/scoped-client.js'
import { type RespiteError, TransactionError, UsageError } from '../errors.js'
import { checkMonitorOptions, type ResolvedCallOptions } from '../options/options.js'
import { MessageBuffer } from '../pubsub/message-buffer.js'

/** What of a connection's state must be undone before another has it. */
interface Traces {
  isWatching: boolean
  isInTransaction: boolean
  hasSelected: boolean
  /** Something that can't be undone with certainty, or was not undone although it was to be. */
  isBeyondRepair: boolean
}

/** What a session stands on. */
export interface SessionDependencies {
  readonly diagnostics: Diagnostics
  readonly keyPrefix: string
  readonly database: number
}

/**
 * A connection of one's own, for as long as the function given to `client.session` runs: all commands, those too that change
 * the state of their connection (WATCH, SELECT, MULTI by hand, CLIENT REPLY, CLIENT TRACKING ...). The `exec` of its
 * transactions resolves to null when a watched key has been changed: nothing ran then.
 *
 * When the connection is lost, every pending command is rejected with a SessionLostError that tells its fate; nothing is
 * sent again, since what the connection knew is gone.
 */
export class Session<Bulk extends string | Buffer = string> extends ScopedClient<Bulk, null> {
  readonly #queue: SessionQueue
  readonly #traces: Traces
  readonly #lock: { reason: string | undefined }
  readonly #dependencies: SessionDependencies

  /** Made by `client.session`. */
  constructor(line: SessionQueue, settings: ResolvedCallOptions, dependencies: SessionDependencies) {
    const traces: Traces = { isWatching: false, isInTransaction: false, hasSelected: false, isBeyondRepair: false }
    const lock: { reason: string | undefined } = { reason: undefined }
    const target: DispatchTarget = {
      diagnostics: dependencies.diagnostics,
      keyPrefix: dependencies.keyPrefix,
      enqueue: (request, signal) => line.enqueue(request, signal),
      enqueueBlocking: (request, signal) => line.enqueue(request, signal),
      state: {
        replies: new ReplyMode(),
        note: (descriptor, reject) => {
          noteTraces(traces, descriptor)
          return undoing.has(descriptor.name) ? spoiling(traces, reject) : reject
        },
        noteTransaction: (reject) => {
          traces.isWatching = false
          return spoiling(traces, reject)
        },
        refusal: (name) => {
          // Queued by the server, it would cut off the very reply of EXEC that its effect belongs to.
          const isCut = name === 'CLIENT REPLY' && traces.isInTransaction
          const reason = lock.reason ?? (isCut ? 'a transaction was begun by hand' : unpaired.get(name))
          return reason === undefined ? undefined : refusal(name, reason)
        },
        refusalOfTransaction: () => {
          const reason = lock.reason ?? (traces.isInTransaction ? 'a transaction was begun by hand' : undefined)
          return reason === undefined ? undefined : refusal('MULTI', reason)
        },
      },
    }
    super(target, settings)
    this.#queue = line
    this.#traces = traces
    this.#lock = lock
    this.#dependencies = dependencies
  }

  /**
   * From now on a transaction is not carried out when one of these keys has been changed by anybody. Server documentation: WATCH.
   */
  watch(...keys: Text[]): Promise<'OK'> {
    return this.execute(table.WATCH, ['WATCH', ...keys])
  }

  /** Watches nothing any longer. Server documentation: UNWATCH. */
  unwatch(): Promise<'OK'> {
    return this.execute(table.UNWATCH, ['UNWATCH'])
  }

  /** Changes to another database. Server documentation: SELECT. */
  select(database: number): Promise<'OK'> {
    return this.execute(table.SELECT, ['SELECT', database])
  }

  /**
   * Every command that the server runs from now on, as a line of text; the session can do nothing else from then on.
   * Server documentation: MONITOR.
   *
   * @param options.maxBuffered lines that wait at most for their reader; the oldest are dropped then. Default 10,000
   * @throws TypeError, from the first `next()`, naming an option that is unknown or impossible
   * @throws SessionLostError when the connection is lost
   */
  async *monitor(options: { readonly maxBuffered?: number } = {}): AsyncGenerator<string> {
    checkMonitorOptions(options)
    const messageBuffer = new MessageBuffer<string>(options.maxBuffered ?? 10_000, 'drop-oldest')
    this.#queue.onLine = (line) => messageBuffer.put(line)
    this.#queue.onLost = (error) => messageBuffer.end(error)
    await this.execute(table.MONITOR, ['MONITOR'])
    this.#lock.reason = 'the session is monitoring'
    yield* messageBuffer
  }

  /**
   * Ends the use of the session. Called by `client.session`.
   * @internal
   * @returns whether the connection is as good as new, and may be given to somebody else
   */
  async finish(): Promise<boolean> {
    const traces = this.#traces
    const isUsable = this.#lock.reason === undefined && !traces.isBeyondRepair && !this.#isBlocked
    const repairs = isUsable ? this.#repair() : []
    this.#lock.reason = 'the session has ended'
    if (!isUsable) return false
    const results = await Promise.allSettled(repairs)
    await this.#queue.drained()
    // Commands that were left behind may have failed meanwhile.
    if (traces.isBeyondRepair) return false
    return !this.#queue.isLost && results.every(({ status }) => status === 'fulfilled')
  }

  /** Somebody left a command behind that may wait without end. */
  get #isBlocked(): boolean {
    const { connection } = this.#queue
    for (const { serverWait } of connection.owed()) if (serverWait > 0) return true
    for (const { serverWait } of connection.waiting()) if (serverWait > 0) return true
    return false
  }

  #repair(): Promise<unknown>[] {
    const { isInTransaction, isWatching, hasSelected } = this.#traces
    const repairs: Promise<unknown>[] = []
    if (isInTransaction) repairs.push(this.execute(table.DISCARD, ['DISCARD']))
    if (isWatching) repairs.push(this.unwatch())
    if (hasSelected) repairs.push(this.select(this.#dependencies.database))
    return repairs
  }
}

const listening = "its answers are no replies: use the client's subscribe(), psubscribe() or ssubscribe()"

/** Commands that are not answered by one reply each: what follows them would be given the replies of others. */
const unpaired: ReadonlyMap<string, string> = new Map([
  ...['SUBSCRIBE', 'UNSUBSCRIBE', 'PSUBSCRIBE', 'PUNSUBSCRIBE', 'SSUBSCRIBE', 'SUNSUBSCRIBE'].map(
    (name) => [name, listening] as const,
  ),
  ...['REPLCONF', 'SYNC', 'PSYNC'].map((name) => [name, 'it belongs to the protocol of replicas'] as const),
])

/** Commands that undo traces. */
const undoing: ReadonlySet<string> = new Set(['UNWATCH', 'EXEC', 'DISCARD'])

/** What was to undo traces and was rejected (aborted before it was sent, refused ...) may have undone nothing. */
function spoiling(traces: Traces, reject: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    // Carried out in part, a transaction has ended all the same.
    if (!(error instanceof TransactionError && error.fate === 'executed')) traces.isBeyondRepair = true
    reject(error)
  }
}

function noteTraces(traces: Traces, { name, changesConnection, runsUserCode }: CommandDescriptor): void {
  switch (name) {
    case 'WATCH':
      traces.isWatching = true
      return
    case 'UNWATCH':
      traces.isWatching = false
      return
    case 'MULTI':
      traces.isInTransaction = true
      return
    case 'EXEC':
    case 'DISCARD':
      traces.isInTransaction = false
      traces.isWatching = false
      return
    case 'SELECT':
      traces.hasSelected = true
      return
    default:
      // Of a subcommand of CLIENT that is not known here nobody can say what it leaves behind.
      if (changesConnection !== undefined || (runsUserCode === true && name.startsWith('CLIENT'))) {
        traces.isBeyondRepair = true
      }
  }
}

function refusal(name: string, reason: string): RespiteError {
  return new UsageError(`${name} can't be sent here: ${reason}`, { fate: 'not-executed', command: name })
}
