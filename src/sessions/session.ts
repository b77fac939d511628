import { isUnpaired, table } from '../commands/catalogue.js'
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
  /** Why CLIENT REPLY is refused; undefined while it is not. */
  silence: string | undefined
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
    const lock: Lock = { reason: undefined, silence: undefined }
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
          const { isInTransaction } = traces
          noteTraces(traces, descriptor)
          const { name } = descriptor
          return watched(undoing.has(name) ? spoiling(traces, reject, isInTransaction, name === 'EXEC') : reject)
        },
        noteTransaction: (reject) => {
          traces.isWatching = false
          return watched(spoiling(traces, reject))
        },
        refusal: ({ name, changesConnection }) => {
          if (isUnpaired(changesConnection)) return refusal(name, lock.reason ?? changesConnection)
          // The server would queue this command and run it during EXEC, so part of the reply to EXEC would be missing.
          return refusal(name, name === 'CLIENT REPLY' ? (lock.silence ?? obstacle(lock, traces)) : lock.reason)
        },
        refusalOutsideTransaction: (name) => refusal(name, obstacle(lock, traces)),
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
    const error = refusal('MONITOR', obstacle(lock, this.#traces))
    if (error !== undefined) throw error
    const messageBuffer = new MessageBuffer<string>(maxBuffered, 'drop-oldest')
    this.#lines = messageBuffer
    this.#queue.onLine = (line) => messageBuffer.put(line)
    this.#queue.onLost = (error) => messageBuffer.end(error)
    lock.reason = nothing
    const begun = this.execute(table.MONITOR, ['MONITOR'])
    // All commands are refused from now on, even before MONITOR is answered. A command that is sent after MONITOR would get
    // a line of MONITOR as its reply.
    lock.reason = monitoring
    try {
      await begun
    } catch (error) {
      this.#queue.onLine = undefined
      // If MONITOR was sent and not refused, the server may still run it, even if nobody waits for it any more.
      if (lock.reason === monitoring && (error as RespiteError).fate !== 'unknown') lock.reason = undefined
      throw error
    }
    yield* messageBuffer
  }

  /**
   * Refuses CLIENT REPLY from now on. Called by `client.transaction`: without a reply, an EXEC that ran looks like a conflict.
   * @internal
   */
  keepReplies(): void {
    this.#lock.silence = 'the transaction needs the reply to EXEC'
  }

  /**
   * Ends the session and undoes the state of its connection. Called by `client.session`.
   * @internal
   */
  async finish(): Promise<void> {
    const traces = this.#traces
    const { connection } = this.#queue
    this.#lines?.end()
    const isUsable = this.#lock.reason === undefined && !traces.isBeyondRepair && this.#queue.blocking.length === 0
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

  #repair(): Promise<unknown>[] {
    const { isInTransaction, isWatching, hasSelected } = this.#traces
    const repairs: Promise<unknown>[] = []
    if (isInTransaction) repairs.push(this.#own.send(table.DISCARD, ['DISCARD']))
    if (isWatching) repairs.push(this.#own.send(table.UNWATCH, ['UNWATCH']))
    if (hasSelected) repairs.push(this.#own.send(table.SELECT, ['SELECT', this.#dependencies.database]))
    return repairs
  }
}

const monitoring = 'the session is monitoring'
/** The reason of a lock that locks out nothing, not even MONITOR. */
const nothing = ''

/** Commands that begin a transaction, or undo state. */
const undoing: ReadonlySet<string> = new Set(['MULTI', 'UNWATCH', 'EXEC', 'DISCARD', 'RESET'])

/**
 * If a command that should undo state is rejected (aborted while queued, refused), the state may not be undone.
 * @param wasInTransaction whether a transaction was open before this command
 * @param isExec whether it is EXEC, which ends the transaction even if it is refused
 */
function spoiling(
  traces: Traces,
  reject: (error: unknown) => void,
  wasInTransaction = false,
  isExec = false,
): (error: unknown) => void {
  return (error) => {
    const { fate } = error as RespiteError
    // A transaction in which only some commands failed has ended too.
    if (!(error instanceof TransactionError && fate === 'executed')) traces.isBeyondRepair = true
    // MULTI has not begun a transaction, or DISCARD has not ended one.
    if (fate === 'not-executed' || (fate === 'refused' && !isExec)) traces.isInTransaction = wasInTransaction
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
    case 'RESET':
      traces.isInTransaction = false
      traces.isWatching = false
      traces.isBeyondRepair ||= name === 'RESET'
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

/** Why nothing can be sent that must not be part of a transaction. */
const obstacle = ({ reason }: Lock, { isInTransaction }: Traces): string | undefined =>
  reason ?? (isInTransaction ? 'a transaction was begun by hand' : undefined)

function refusal(name: string, reason: string | undefined): RespiteError | undefined {
  return reason ? usage(name, `it can't be sent here: ${reason}`) : undefined
}
