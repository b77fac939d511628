import type { CommandDescriptor } from '../commands/descriptor.js'
import { positionsOf } from '../commands/key-positions.js'
import { reviveErrors } from '../commands/nested-errors.js'
import { formOf } from '../commands/reply-form.js'
import { type Script, script } from '../commands/script.js'
import { readTransaction, type TransactionContext } from '../commands/transaction-results.js'
import type { Refusal } from '../connection/request/request.js'
import type { OnceCall, OnceRequest } from '../dispatch/once-request.js'
import { refusalIn } from '../dispatch/refusals.js'
import { type Fate, ReplyError, TimeoutError, UsageError } from '../errors.js'
import type { Encoder } from '../protocol/encoder.js'
import { withoutArguments } from '../protocol/quoted-arguments.js'
import { type Argument, ErrorReply, type Reply } from '../protocol/types.js'
import { type Command, headOf } from './digest.js'
import { kindOf, onceRefusal } from './permitted.js'
import { receiptName } from './receipt-name.js'
import { onceSource, onceSourceFor, onceSourceOf } from './receipt-script.js'
import type { ServerTime } from './server-time.js'

/**
 * The server's reply to EVALSHA for a script that it does not have. An error that the call returns can't be confused with it,
 * because the script adds `ONCE ` before such an error: see receipt-script.ts.
 */
const lacksScript = /^NOSCRIPT /

const sendSource: Refusal = { retry: 'now', mayHaveRun: false }

/** What a call needs, besides the command or transaction itself. */
export interface CallSettings {
  readonly time: ServerTime
  /** The call may run during this many milliseconds, counted from its first try. */
  readonly ttl: number
  /** The beginning of the receipt's name if the call has no key. */
  readonly prefix: string
  /** The id of the call. The first key and the id identify the receipt. */
  readonly id: string
}

/** A call that runs once: builds what is sent, and reads the replies. */
export class ReceiptCall implements OnceCall {
  /** Name of the receipt. */
  readonly receipt: Argument
  /** The text that the receipt begins with. */
  readonly head: string
  readonly #request: OnceRequest
  readonly #settings: CallSettings
  readonly #script: Script
  readonly #keys: readonly Argument[]
  /** Arguments of the script after `latest`. */
  readonly #tail: readonly Argument[]
  /** The server time from which the call must not run, in milliseconds. */
  #latest = 0
  /** The same limit by the client's clock. */
  #until = 0
  #isBySha = false
  /** The server replied that it does not have the script. */
  #isMissing = false

  /** @throws TypeError with the reason why the call can't run once */
  constructor(request: OnceRequest, settings: CallSettings) {
    const { entries, isTransaction } = request
    for (const entry of entries) checkEntry(entry, isTransaction)
    const [first] = entries as [Command]
    this.#request = request
    this.#settings = settings
    const positions = entries.map(({ descriptor: { keys }, args }) =>
      // Commands whose keys are not known were refused.
      keys === 'unknown' ? [] : positionsOf(keys, args),
    )
    this.#keys = entries.flatMap(({ args }, index) => (positions[index] ?? []).map((each) => args[each] as Argument))
    const [key] = this.#keys
    if (key === undefined && request.settings.routing !== undefined) {
      throw new TypeError("it can't run once in a cluster: without a key, it has no receipt")
    }
    const hasOneKey = !isTransaction && this.#keys.length === 1 && positions[0]?.[0] === 1
    const ownScript = hasOneKey ? scriptOf(first.descriptor) : undefined
    this.#script = ownScript ?? scriptFor(first.descriptor)
    const { id, prefix } = settings
    this.receipt = key === undefined ? prefix + id : receiptName(key, id)
    this.head = headOf(entries, isTransaction)
    if (ownScript !== undefined) this.#tail = [this.head, ...first.args.slice(2)]
    else
      this.#tail = isTransaction
        ? [this.head, 'm', ...entries.flatMap(({ descriptor, args }) => [args.length, kindOf(descriptor), ...args])]
        : [this.head, kindOf(first.descriptor), ...first.args]
  }

  /** Appends the frame of one try. @throws RespiteError if it must not be sent */
  append(encoder: Encoder, known: Set<string>): void {
    const { time, ttl } = this.#settings
    const now = time.clock()
    if (!mayHaveRun(this.#request)) {
      this.#latest = Math.floor(time.now(this.#request)) + ttl
      this.#until = now + ttl
    } else if (now >= this.#until)
      throw this.#tooLate('not tried again, because onceTtl has passed since its first try')
    const { sha1, source } = this.#script
    this.#isBySha = known.has(sha1) && !this.#isMissing
    known.add(sha1)
    encoder.appendChecked([
      this.#isBySha ? 'EVALSHA' : 'EVAL',
      this.#isBySha ? sha1 : source,
      this.#keys.length + 1,
      this.receipt,
      ...this.#keys,
      this.#latest,
      ...this.#tail,
    ])
  }

  refusedForNow(reply: ErrorReply): Refusal | undefined {
    const { message } = reply
    if (message.startsWith('ONCE')) return undefined
    this.#isMissing = this.#isBySha && lacksScript.test(message)
    return this.#isMissing ? sendSource : refusalIn(message, this.#request.settings)
  }

  /** Returns the result for the reply to a try, or throws the error that the caller gets. */
  conclude(reply: Reply, hasNestedErrors: boolean): unknown {
    if (!(reply instanceof ErrorReply)) return this.read(reply, hasNestedErrors)
    const request = this.#request
    const given = request.entries.flatMap(({ args }) => args.slice(1))
    const message = withoutArguments(reply.message, given)
    if (message.startsWith('ONCE ')) return this.read(new ErrorReply(message.slice('ONCE '.length)), false)
    if (message.startsWith('ONCE_UNKNOWN')) throw new ReplyError(message, request.detailsOf('unknown'))
    if (message.startsWith('ONCE_LATE')) {
      this.#settings.time.askAgain()
      throw this.#tooLate('not run, because onceTtl had passed, by the clock of the server, when it arrived')
    }
    if (message.startsWith('ONCE_MISMATCH')) {
      throw new UsageError(`${request.name}: its id was used for another command, or other arguments, at this key`, {
        ...request.detailsOf('not-executed'),
        code: 'ONCE_MISMATCH',
      })
    }
    if (message.startsWith('ERR syntax error')) {
      throw new ReplyError(`${message} (once needs Redis 7.0 or later, or Valkey)`, request.detailsOf('refused'))
    }
    if (request.isTransaction) return this.#readTransaction(new ErrorReply(message))
    throw new ReplyError(message, request.detailsOf('refused'))
  }

  /**
   * Returns the result for the reply in a receipt, in the form of the typed method, or throws its error. The receipt shows what
   * became of every try, so the error gets the fate that the receipt shows, even if the fate of an earlier try was unknown.
   */
  read(reply: Reply, hasNestedErrors: boolean): unknown {
    const request = this.#request
    if (request.isTransaction) return this.#readTransaction(reply)
    const [{ descriptor, args }] = request.entries as [Command]
    if (reply instanceof ErrorReply) {
      const message = withoutArguments(reply.message, args.slice(1))
      throw new ReplyError(message, { ...request.detailsOf('refused'), fate: 'refused' })
    }
    const exact = exactOf(descriptor, reply)
    const value = hasNestedErrors ? (reviveErrors(exact, descriptor.name, args, request) as Reply) : exact
    return formOf(value, descriptor, args, request.settings, request)
  }

  #readTransaction(reply: Reply): unknown {
    const { entries, settings } = this.#request
    const last = Array.isArray(reply)
      ? reply.map((each, index) => exactOf((entries[index] as Command).descriptor, each))
      : reply
    const context: TransactionContext = { options: settings, detailsOf: (fate: Fate) => this.#request.detailsOf(fate) }
    return readTransaction(entries, ['OK', ...entries.map(() => 'QUEUED'), last], context)
  }

  #tooLate(reason: string): TimeoutError {
    const details = this.#request.detailsOf('not-executed')
    return new TimeoutError(`${details.command}: ${reason}`, details)
  }
}

/** Whether an earlier try may have run. If it may, the next try must have the time limit of the earlier try. */
export function mayHaveRun(request: OnceRequest): boolean {
  return request.detailsOf('not-executed').fate !== 'not-executed'
}

/** @throws TypeError with the reason why the command can't run once */
function checkEntry({ descriptor, args }: Command, isTransaction: boolean): void {
  const refusal =
    isTransaction && descriptor.script !== undefined
      ? 'a script cannot run another script; run it outside the transaction'
      : onceRefusal(descriptor, args)
  if (refusal === undefined) return
  throw new TypeError(`${isTransaction ? descriptor.name : 'it'} can't run once: ${refusal}`)
}

/** The script returns integers beyond 2^53 as text. */
function exactOf(descriptor: CommandDescriptor, reply: Reply): Reply {
  if (typeof reply !== 'string' && !(reply instanceof Uint8Array)) return reply
  const kind = kindOf(descriptor)
  return kind === 'g' || kind === 'h' ? BigInt(String(reply)) : reply
}

const scriptsByName = new Map<string, Script>()
let scriptOfCommands: Script | undefined
let scriptsOfUsers: WeakMap<object, Script> | undefined

/** The script that runs this command once, if its key is its only one and comes first; undefined if it may run a user's code. */
function scriptOf(descriptor: CommandDescriptor): Script | undefined {
  const { name } = descriptor
  const kind = kindOf(descriptor)
  if (kind === 'u') return undefined
  let made = scriptsByName.get(name)
  if (made === undefined) {
    made = script(onceSourceFor(name, kind))
    scriptsByName.set(name, made)
  }
  return made
}

/** The script that runs this command of any form, or its transaction, once. */
function scriptFor({ script: given }: CommandDescriptor): Script {
  if (given === undefined) {
    scriptOfCommands ??= script(onceSource())
    return scriptOfCommands
  }
  scriptsOfUsers ??= new WeakMap()
  let made = scriptsOfUsers.get(given)
  if (made === undefined) {
    made = script(onceSourceOf(given.source))
    scriptsOfUsers.set(given, made)
  }
  return made
}
