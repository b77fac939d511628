import { table } from '../commands/catalogue.js'
import type { CommandDescriptor } from '../commands/descriptor.js'
import type { SessionCommands } from '../commands/generated/session.js'
import { defineMethods } from '../commands/methods.js'
import type { Calls, DefaultReplies, ReplyOptions } from '../commands/types/replies.js'
import { usage } from '../commands/usage.js'
import type { SessionQueue } from '../connection/leased/session-queue.js'
import type { Diagnostics } from '../dispatch/diagnostics.js'
import { Dispatcher, type DispatchTarget } from '../dispatch/dispatcher.js'
import { ReplyMode } from '../dispatch/reply-mode.js'
import { ScopedClient } from '../dispatch/scoped-client.js'
import { ScriptRequest } from '../dispatch/script-request.js'
import { type RespiteError, TransactionError } from '../errors.js'
import type { ResolvedCallOptions } from '../options/options.js'
import { checkedOptions } from '../options/resolve.js'
import { count } from '../options/rules.js'
import { MessageBuffer } from '../pubsub/message-buffer.js'

/** State of a connection that must be undone before the connection is leased again. */
interface Traces {
  isWatching: boolean
  isInTransaction: boolean
  hasSelected: boolean
  /** There is state that can't be undone with certainty, or a command that should undo state failed. */
  isBeyondRepair: boolean
}

/** Determines which commands the session refuses. */
interface Lock {
  /** Why all commands are refused; undefined while they are not. */
  reason: string | undefined
  /** Whether `monitor()` sends MONITOR now. */
  mayMonitor: boolean
}

/** What a session needs from its client. */
export interface SessionDependencies {
  readonly diagnostics: Diagnostics
  readonly keyPrefix: string
  readonly database: number
  /** Called with the error of each command that is rejected. */
  readonly onRejected?: ((error: unknown) => void) | undefined
}

export interface Session<O extends ReplyOptions = DefaultReplies> extends SessionCommands<Calls<O>> {}

/**
 * A dedicated connection, for the time in which the function that was passed to `client.session` runs. Commands may change the
 * connection's state: WATCH, SELECT, MULTI by hand, CLIENT REPLY, CLIENT TRACKING and others. The `exec` of a transaction
 * resolves to null if a watched key was changed; in that case, nothing ran. Between MULTI and EXEC by hand, commands resolve to
 * `'QUEUED'`. After CLIENT REPLY OFF or SKIP, they resolve to null. Use `call` in these cases, because types can't follow the
 * state of a connection.
 *
 * If the connection is lost, its state is lost, so nothing is sent again. Every pending command rejects with a SessionLostError,
 * which has the fate of the command.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor defines the methods, see `defineMethods`
export class Session<O extends ReplyOptions = DefaultReplies> extends ScopedClient<O, null> {
  readonly #queue: SessionQueue
  readonly #traces: Traces
  readonly #lock: Lock
  /** The lines of MONITOR that wait to be read. */
  #lines: MessageBuffer<string> | undefined
  readonly #dependencies: SessionDependencies
  /** Sends the commands that the session itself needs, to undo state. */
  readonly #own: Dispatcher

  /**
   * Created by `client.session`.
   * @internal
   */
  constructor(queue: SessionQueue, settings: ResolvedCallOptions, dependencies: SessionDependencies) {
    const traces: Traces = { isWatching: false, isInTransaction: false, hasSelected: false, isBeyondRepair: false }
    const lock: Lock = { reason: undefined, mayMonitor: false }
    const replies = new ReplyMode()
    queue.replies = replies
    const { onRejected } = dependencies
    const watched = (reject: (error: unknown) => void): typeof reject =>
      onRejected === undefined
        ? reject
        : (error) => {
            onRejected(error)
            reject(error)
          }
    const target: DispatchTarget = {
      diagnostics: dependencies.diagnostics,
      keyPrefix: dependencies.keyPrefix,
      scripts: ScriptRequest,
      enqueue: (request, signal) => queue.enqueue(request, signal),
      enqueueBlocking: (request, signal) => queue.enqueue(request, signal),
      state: {
        replies,
        note: (descriptor, reject) => {
          noteTraces(traces, descriptor)
          return watched(undoing.has(descriptor.name) ? spoiling(traces, reject) : reject)
        },
        noteTransaction: (reject) => {
          traces.isWatching = false
          return watched(spoiling(traces, reject))
        },
        refusal: (name) => {
          // The server would queue this command and run it during EXEC, so part of the reply to EXEC would be missing.
          const isCut = name === 'CLIENT REPLY' && traces.isInTransaction
          const isAllowed = lock.mayMonitor && name === 'MONITOR'
          const reason = lock.reason ?? (isCut ? begunByHand : isAllowed ? undefined : unpaired.get(name))
          return reason === undefined ? undefined : refusal(name, reason)
        },
        refusalOfTransaction: () => {
          const reason = lock.reason ?? (traces.isInTransaction ? begunByHand : undefined)
          return reason === undefined ? undefined : refusal('MULTI', reason)
        },
      },
    }
    super(target, settings)
    defineMethods(Session.prototype, true)
    this.#queue = queue
    this.#traces = traces
    this.#lock = lock
    this.#dependencies = dependencies
    this.#own = new Dispatcher(target, settings)
  }

  /**
   * Iterates over all commands that the server runs, as lines of text. From the first `next()` on, the session can't do anything
   * else. The iteration ends when the session ends. Server documentation: MONITOR.
   *
   * @param options.maxBuffered maximum number of lines that wait to be read, 1 or more; if there are more, the oldest lines are
   *   dropped; default 10,000
   * @throws TypeError, from the first `next()`, that names an unknown or invalid option
   * @throws SessionLostError if the connection is lost; UsageError if the session is monitoring, is in a transaction that was begun
   *   by hand, or has ended
   */
  async *monitor(options: { readonly maxBuffered?: number } = {}): AsyncGenerator<string> {
    const { maxBuffered = 10_000 } = checkedOptions(options, { maxBuffered: count() })
    const lock = this.#lock
    const obstacle = lock.reason ?? (this.#traces.isInTransaction ? begunByHand : undefined)
    if (obstacle !== undefined) throw refusal('MONITOR', obstacle)
    const messageBuffer = new MessageBuffer<string>(maxBuffered, 'drop-oldest')
    this.#lines = messageBuffer
    this.#queue.onLine = (line) => messageBuffer.put(line)
    this.#queue.onLost = (error) => messageBuffer.end(error)
    lock.mayMonitor = true
    const begun = this.execute(table.MONITOR, ['MONITOR'])
    lock.mayMonitor = false
    // All commands are refused from now on, even before MONITOR is answered. A command that is sent after MONITOR would get
    // a line of MONITOR as its reply.
    lock.reason = monitoring
    try {
      await begun
    } catch (error) {
      this.#queue.onLine = undefined
      if (lock.reason === monitoring) lock.reason = undefined
      throw error
    }
    yield* messageBuffer
  }

  /**
   * Ends the session and undoes the state of its connection. Called by `client.session`.
   * @internal
   */
  async finish(): Promise<void> {
    const traces = this.#traces
    const { connection } = this.#queue
    this.#lines?.end()
    const isUsable = this.#lock.reason === undefined && !traces.isBeyondRepair && !this.#isBlocked
    const repairs = isUsable ? this.#repair() : []
    this.#lock.reason = 'the session has ended'
    if (!isUsable) {
      connection.spoil()
      return
    }
    const results = await Promise.allSettled(repairs)
    await this.#queue.drained()
    // Commands that were still pending at the end of the session may have failed in the meantime.
    const isRestored = !traces.isBeyondRepair && results.every(({ status }) => status === 'fulfilled')
    if (!isRestored) connection.spoil()
  }

  /** Whether a command that may wait on the server is still pending. */
  get #isBlocked(): boolean {
    const { connection } = this.#queue
    for (const { serverWait } of connection.owed()) if (serverWait > 0) return true
    for (const { serverWait } of connection.waiting()) if (serverWait > 0) return true
    return false
  }

  #repair(): Promise<unknown>[] {
    const { isInTransaction, isWatching, hasSelected } = this.#traces
    const repairs: Promise<unknown>[] = []
    if (isInTransaction) repairs.push(this.#own.send(table.DISCARD, ['DISCARD']))
    if (isWatching) repairs.push(this.#own.send(table.UNWATCH, ['UNWATCH']))
    if (hasSelected) repairs.push(this.#own.send(table.SELECT, ['SELECT', this.#dependencies.database]))
    return repairs
  }
}

const begunByHand = 'a transaction was begun by hand'
const monitoring = 'the session is monitoring'
const listening = "use the client's subscribe(), psubscribe() or ssubscribe()"

/** Commands that do not get exactly one reply. After them, later commands would get the wrong replies. */
const unpaired: ReadonlyMap<string, string> = new Map([
  ...['SUBSCRIBE', 'UNSUBSCRIBE', 'PSUBSCRIBE', 'PUNSUBSCRIBE', 'SSUBSCRIBE', 'SUNSUBSCRIBE'].map(
    (name) => [name, listening] as const,
  ),
  ...['REPLCONF', 'SYNC', 'PSYNC'].map((name) => [name, 'it is for replicas only'] as const),
  ['MONITOR', 'use monitor() of the session'],
  ['SCRIPT DEBUG', 'after it, the debugger of the server answers scripts and later commands: use redis-cli --ldb'],
])

/** Commands that undo state. */
const undoing: ReadonlySet<string> = new Set(['UNWATCH', 'EXEC', 'DISCARD'])

/** If a command that should undo state is rejected (aborted while queued, refused), the state may not be undone. */
function spoiling(traces: Traces, reject: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    // A transaction in which only some commands failed has ended too.
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
      // An unknown subcommand of CLIENT may change any state.
      if (changesConnection !== undefined || (runsUserCode === true && name.startsWith('CLIENT'))) {
        traces.isBeyondRepair = true
      }
  }
}

function refusal(name: string, reason: string): RespiteError {
  return usage(name, `it can't be sent here: ${reason}`)
}
