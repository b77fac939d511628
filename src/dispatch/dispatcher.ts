import { lookup, retryClassOf } from '../commands/catalogue.js'
import { checkArguments } from '../commands/check-arguments.js'
import type { CommandDescriptor } from '../commands/descriptor.js'
import { prefixKeys } from '../commands/key-prefix.js'
import { retryClassOfTransaction } from '../commands/transaction-class.js'
import type { TransactionEntry } from '../commands/transaction-entries.js'
import { usage } from '../commands/usage.js'
import type { Request } from '../connection/request/request.js'
import { messageOf, RespiteError, type UsageError } from '../errors.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Argument } from '../protocol/types.js'
import { CommandRequest } from './command-request.js'
import type { ConfiguredRequest } from './configured-request.js'
import type { Diagnostics } from './diagnostics.js'
import type { OnceCalls } from './once-calls.js'
import type { ReplyMode } from './reply-mode.js'
import type { ScriptRequest } from './script-request.js'
import { TransactionRequest } from './transaction-request.js'
import { WaitingRequest } from './waiting-request.js'

/** The target of calls: a client's connections, or a session's connection. */
export interface DispatchTarget {
  readonly diagnostics: Diagnostics
  readonly keyPrefix: string
  /** Creates the requests of scripts; absent if there is no method `run`. */
  readonly scripts?: typeof ScriptRequest
  enqueue(request: ConfiguredRequest, signal: AbortSignal | undefined): void
  /** Accepts a request that blocks its connection. */
  enqueueBlocking(request: WaitingRequest, signal: AbortSignal | undefined): void
  /** Accepts calls with the option `once`; absent if they are not possible. */
  readonly once?: Pick<OnceCalls<unknown>, 'enqueue'>
  /** The advice for commands that change the state of the connection, if the client lacks the method that is advised. */
  readonly shareAdvice?: string
  /** The state of a dedicated connection, which commands may change. Undefined for a shared connection. */
  readonly state?: {
    /** Whether the server replies to commands. */
    readonly replies: ReplyMode
    /** Records a command when it is called. @returns the function that rejects it, instead of `reject` */
    note(descriptor: CommandDescriptor, reject: Reject): Reject
    /** Like `note`, for a whole transaction. */
    noteTransaction(reject: Reject): Reject
    /** Returns the error for a command that can't be sent now; undefined if it can be sent. */
    refusal(descriptor: CommandDescriptor): RespiteError | undefined
    /** Like `refusal`, for what must not be part of a transaction that was begun by hand. @param name the command or method */
    refusalOutsideTransaction(name: string): RespiteError | undefined
  }
}

type Reject = (error: unknown) => void

// The promise executor below sets these variables. This saves a closure per command.
let resolvePending: (value: unknown) => void
let rejectPending: (error: unknown) => void
const takeSettlers = (resolve: (value: never) => void, reject: (error: unknown) => void): void => {
  resolvePending = resolve as (value: unknown) => void
  rejectPending = reject
}

/** Creates a request for each call, with the options of a client or a `with`, and passes it to its connection. */
export class Dispatcher {
  readonly target: DispatchTarget
  readonly settings: ResolvedCallOptions

  constructor(target: DispatchTarget, settings: ResolvedCallOptions) {
    this.target = target
    this.settings = settings
  }

  /** Returns a dispatcher with the same target and other settings. */
  with(settings: ResolvedCallOptions): Dispatcher {
    return new Dispatcher(this.target, settings)
  }

  /** @returns the promise of the reply */
  execute<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    const { diagnostics } = this.target
    if (diagnostics.isTracing) {
      return diagnostics.trace(descriptor.name, args, (watch) => this.#watched(watch).send<T>(descriptor, args))
    }
    return this.send(descriptor, args)
  }

  /** Like `execute`, but not traced, for commands that the client sends on its own behalf. */
  send<T>(descriptor: CommandDescriptor, args: Argument[]): Promise<T> {
    const promise = new Promise<T>(takeSettlers)
    this.#dispatch(descriptor, args, resolvePending, rejectPending)
    return promise
  }

  #dispatch(
    descriptor: CommandDescriptor,
    args: Argument[],
    resolve: (value: unknown) => void,
    rejectCaller: Reject,
  ): void {
    let reject = rejectCaller
    try {
      const { target, settings } = this
      const prefixed = target.keyPrefix === '' ? args : prefixKeys(descriptor, args, target.keyPrefix)
      if (target.state === undefined) {
        if (descriptor.changesConnection !== undefined) {
          throw unshareable(descriptor.name, descriptor.changesConnection, target.shareAdvice)
        }
      } else {
        // A command that can't be sent must not be recorded.
        checkArguments(descriptor.name, args)
        const refusal = target.state.refusal(descriptor)
        if (refusal !== undefined) throw refusal
        reject = target.state.note(descriptor, reject)
      }
      if (settings.once !== undefined && retryClassOf(descriptor, args) !== 'read') {
        onceOf(target).enqueue(resolve, reject, settings, descriptor, [{ descriptor, args: prefixed }])
        return
      }
      const wait = descriptor.wait?.(args)
      const { script } = descriptor
      const request =
        wait !== undefined
          ? new WaitingRequest(resolve, reject, settings, { descriptor, args: prefixed, wait })
          : script === undefined || target.scripts === undefined
            ? new CommandRequest(resolve, reject, settings, descriptor, prefixed)
            : new target.scripts(resolve, reject, settings, { descriptor, args: prefixed, script })
      if (target.state !== undefined) request.replyMode = target.state.replies
      if (wait === undefined || descriptor.waitsInPlace === true) target.enqueue(request, settings.signal)
      else target.enqueueBlocking(request as WaitingRequest, settings.signal)
    } catch (cause) {
      // An argument can't be sent, for example. If a session has recorded the command, it must know that nothing was sent.
      reject(misuse(descriptor.name, args, cause))
    }
  }

  /** @returns the promise of the results */
  executeTransaction(entries: readonly TransactionEntry[]): Promise<unknown> {
    const { keyPrefix, diagnostics, state } = this.target
    const refusal = state?.refusalOutsideTransaction('MULTI')
    if (refusal !== undefined) return Promise.reject(refusal)
    const prefixed =
      keyPrefix === ''
        ? entries
        : entries.map(({ descriptor, args }) => ({ descriptor, args: prefixKeys(descriptor, args, keyPrefix) }))
    const send = (target: DispatchTarget): Promise<unknown> =>
      new Promise((resolve, reject) => {
        let rejectNoted = reject
        try {
          if (this.settings.once !== undefined && retryClassOfTransaction(prefixed) !== 'read') {
            onceOf(target).enqueue(resolve, reject, this.settings, lookup(['MULTI']), prefixed)
            return
          }
          rejectNoted = state?.noteTransaction(reject) ?? reject
          const request = new TransactionRequest(resolve, rejectNoted, this.settings, prefixed)
          if (state !== undefined) request.replyMode = state.replies
          target.enqueue(request, this.settings.signal)
        } catch (cause) {
          rejectNoted(misuse('MULTI', [], cause))
        }
      })
    if (!diagnostics.isTracing) return send(this.target)
    return diagnostics.trace(
      'MULTI',
      prefixed.map(({ args }) => args),
      (watch) => send(this.#watched(watch).target),
    )
  }

  /** Returns the same dispatcher, except that it passes each request to `watch` before it is enqueued. */
  #watched(watch: (request: Request) => void): Dispatcher {
    const { target } = this
    return new Dispatcher(
      {
        ...target,
        enqueue: (request, signal) => {
          watch(request)
          target.enqueue(request, signal)
        },
        enqueueBlocking: (request, signal) => {
          watch(request)
          target.enqueueBlocking(request, signal)
        },
      },
      this.settings,
    )
  }
}

/** Returns the error for an argument that can't be sent, or for a signal that throws. */
function misuse(name: string, args: readonly Argument[], cause: unknown): RespiteError {
  if (cause instanceof RespiteError) return cause
  try {
    checkArguments(name, args)
  } catch (error) {
    return error as RespiteError
  }
  return usage(name, messageOf(cause), cause)
}

/** @throws TypeError if calls with the option `once` are not possible here */
function onceOf({ once }: DispatchTarget): Pick<OnceCalls<unknown>, 'enqueue'> {
  if (once === undefined) throw new TypeError("use client.with({ once }) of 'respite'")
  return once
}

function unshareable(name: string, advice: string, shareAdvice = advice): UsageError {
  const valid = advice.includes('(') ? shareAdvice : advice
  return usage(name, `it changes the state of the shared connection: ${valid}`)
}
