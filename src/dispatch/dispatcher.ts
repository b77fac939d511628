import type { CommandDescriptor } from '../commands/descriptor.js'
import { prefixKeys } from '../commands/table.js'
import type { TransactionEntry } from '../commands/transaction-entries.js'
import type { Request } from '../connection/request/request.js'
import { RespiteError, UsageError } from '../errors.js'
import type { ResolvedCallOptions } from '../options/options.js'
import { checkArguments } from '../protocol/arguments.js'
import type { Argument } from '../protocol/types.js'
import { CommandRequest } from './command-request.js'
import type { Diagnostics } from './diagnostics.js'
import type { ReplyMode } from './reply-mode.js'
import { ScriptRequest } from './script-request.js'
import { TransactionRequest } from './transaction-request.js'
import { WaitingRequest } from './waiting-request.js'

/** Where calls are dispatched to: the connections of a client, or the connection of a session. */
export interface DispatchTarget {
  readonly diagnostics: Diagnostics
  readonly keyPrefix: string
  enqueue(request: Request, signal: AbortSignal | undefined): void
  /** Takes in a request that blocks its connection. */
  enqueueBlocking(request: WaitingRequest, signal: AbortSignal | undefined): void
  /** What to use for a command that changes its connection, in place of the advice of its descriptor. */
  readonly shareAdvice?: string
  /** Of a connection of one's own: admits commands that change its state. Absent where it is shared. */
  readonly state?: {
    /** How the server replies there. */
    readonly replies: ReplyMode
    /** Told of each command in its turn. @returns what it is to be rejected by, in place of `reject` */
    note(descriptor: CommandDescriptor, reject: Reject): Reject
    noteTransaction(reject: Reject): Reject
    /** Why a command can't be sent at present; undefined when it can. */
    refusal(name: string): RespiteError | undefined
    /** The same for a whole transaction. */
    refusalOfTransaction(): RespiteError | undefined
  }
}

type Reject = (error: unknown) => void

// Handed out by the promise executor below: sparing one closure for every command.
let resolvePending: (value: unknown) => void
let rejectPending: (error: unknown) => void
const takeSettlers = (resolve: (value: never) => void, reject: (error: unknown) => void): void => {
  resolvePending = resolve as (value: unknown) => void
  rejectPending = reject
}

/** Makes requests of calls, with the options of one client or one `with`, and hands them to their connection. */
export class Dispatcher {
  readonly target: DispatchTarget
  readonly settings: ResolvedCallOptions

  constructor(target: DispatchTarget, settings: ResolvedCallOptions) {
    this.target = target
    this.settings = settings
  }

  /** @returns the promise of the reply */
  execute<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    const { diagnostics } = this.target
    if (diagnostics.isTracing) return diagnostics.trace(descriptor.name, args, () => this.#send<T>(descriptor, args))
    return this.#send(descriptor, args)
  }

  #send<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    const promise = new Promise<T>(takeSettlers)
    const resolve = resolvePending
    const reject = rejectPending
    try {
      this.#dispatch(descriptor, args, resolve, reject)
    } catch (cause) {
      reject(misuse(descriptor.name, cause))
    }
    return promise
  }

  /** @throws TypeError naming an argument that can't be sent; nothing has been done then */
  #dispatch(
    descriptor: CommandDescriptor,
    args: Argument[],
    resolve: (value: unknown) => void,
    rejectCaller: Reject,
  ): void {
    let reject = rejectCaller
    const { target, settings } = this
    if (target.state === undefined) {
      if (descriptor.changesConnection !== undefined) {
        reject(unshareable(descriptor.name, target.shareAdvice ?? descriptor.changesConnection))
        return
      }
    } else {
      // Before anything is noted of it.
      checkArguments(args)
      const refusal = target.state.refusal(descriptor.name)
      if (refusal !== undefined) {
        reject(refusal)
        return
      }
      reject = target.state.note(descriptor, reject)
    }
    const prefixed = target.keyPrefix === '' ? args : prefixKeys(descriptor, args, target.keyPrefix)
    const wait = descriptor.wait?.(args)
    if (wait !== undefined) {
      const request = new WaitingRequest(resolve, reject, settings, { descriptor, args: prefixed, wait })
      if (target.state !== undefined) request.replyMode = target.state.replies
      if (descriptor.waitsInPlace === true) target.enqueue(request, settings.signal)
      else target.enqueueBlocking(request, settings.signal)
      return
    }
    const { script } = descriptor
    const request =
      script === undefined
        ? new CommandRequest(resolve, reject, settings, descriptor, prefixed)
        : new ScriptRequest(resolve, reject, settings, { descriptor, args: prefixed, script })
    if (target.state !== undefined) request.replyMode = target.state.replies
    target.enqueue(request, settings.signal)
  }

  /** @returns the promise of the results */
  executeTransaction(entries: readonly TransactionEntry[]): Promise<unknown> {
    const { keyPrefix, diagnostics, state } = this.target
    const refusal = state?.refusalOfTransaction()
    if (refusal !== undefined) return Promise.reject(refusal)
    const prefixed =
      keyPrefix === ''
        ? entries
        : entries.map(({ descriptor, args }) => ({ descriptor, args: prefixKeys(descriptor, args, keyPrefix) }))
    const send = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        try {
          const rejectNoted = state?.noteTransaction(reject) ?? reject
          const request = new TransactionRequest(resolve, rejectNoted, this.settings, prefixed)
          if (state !== undefined) request.replyMode = state.replies
          this.target.enqueue(request, this.settings.signal)
        } catch (cause) {
          reject(misuse('MULTI', cause))
        }
      })
    if (!diagnostics.isTracing) return send()
    return diagnostics.trace(
      'MULTI',
      prefixed.map(({ args }) => args),
      send,
    )
  }
}

/** The error of a call that could not be made: an argument that can't be sent, or a signal that throws. */
function misuse(name: string, cause: unknown): RespiteError {
  if (cause instanceof RespiteError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new UsageError(`${name}: ${reason}`, { fate: 'not-executed', command: name, cause })
}

function unshareable(name: string, advice: string): UsageError {
  const reason = `it changes the state of its connection, which others share: ${advice}`
  return new UsageError(`${name} can't be sent here: ${reason}`, { fate: 'not-executed', command: name })
}
