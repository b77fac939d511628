import type { CommandDescriptor, ScriptText, WaitArgument } from '../commands/descriptor.js'
import { reviveErrors } from '../commands/nested-errors.js'
import { allowsReplay, type RetryClass } from '../commands/retry.js'
import { retryClassOf } from '../commands/table.js'
import { readTransaction, retryClassOfTransaction, type TransactionEntry } from '../commands/transaction.js'
import type { BlockingRequest } from '../connection/leased/unblock.js'
import { joinFates } from '../connection/request/fate.js'
import { type RefusalAdvice, Request } from '../connection/request/request.js'
import { type Fate, prefixOf, ReplyError } from '../errors.js'
import { type ResolvedCallOptions, type ResolvedOptions, resolveCallOptions } from '../options/options.js'
import type { Encoder } from '../protocol/encoder.js'
import { type Argument, type DecodeMode, ErrorReply, type Reply } from '../protocol/types.js'
import type { ReplyMode } from './reply-mode.js'

/** What holds for every command of a client, before any `with`. */
export function settingsOf(options: ResolvedOptions): ResolvedCallOptions {
  return resolveCallOptions({}, options)
}

/**
 * Prefixes of errors that a server gives instead of running a command, and that pass: by these alone is known that it did
 * not run, so that it is sent again whatever its retry class.
 */
const passingPrefixes: ReadonlyMap<string, RefusalAdvice> = new Map([
  ['LOADING', 'later'],
  ['MASTERDOWN', 'later'],
  ['TRYAGAIN', 'later'],
  ['CLUSTERDOWN', 'later'],
  ['BUSY', 'later'],
  // A failover has made a replica of it: the address may lead to another server now.
  ['READONLY', 'elsewhere'],
])

const adviceOf = (reply: ErrorReply): RefusalAdvice | undefined => passingPrefixes.get(prefixOf(reply.message))

abstract class ConfiguredRequest extends Request {
  protected readonly settings: ResolvedCallOptions

  constructor(resolve: (value: unknown) => void, reject: (error: unknown) => void, settings: ResolvedCallOptions) {
    super(resolve, reject)
    this.settings = settings
  }

  override get mode(): DecodeMode {
    return this.settings
  }

  override get timeout(): number {
    return this.settings.timeout
  }

  override get serverWait(): number {
    return 0
  }

  override get maxAttempts(): number {
    return this.settings.maxAttempts
  }

  protected abstract get retryClass(): RetryClass

  override mayReplay(): boolean {
    return allowsReplay(this.settings.retry, this.retryClass)
  }

  protected refusedBy(reply: ErrorReply): ReplyError {
    const { name, attempts } = this
    return new ReplyError(reply.message, { command: name, attempts, fate: joinFates(this.fateSoFar, 'refused') })
  }
}

/** One command on its way. */
export class CommandRequest extends ConfiguredRequest {
  /** Of a session: told when it is sent. */
  replyMode: ReplyMode | null = null
  /** The server was told not to reply: it is settled when it is handed over. */
  #isSilent = false
  /** Sent between MULTI and EXEC by hand: the answer is that it is queued. */
  #isForLater = false
  protected readonly descriptor: CommandDescriptor
  protected readonly args: readonly Argument[]

  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    descriptor: CommandDescriptor,
    args: readonly Argument[],
  ) {
    super(resolve, reject, settings)
    this.descriptor = descriptor
    this.args = args
    this.bytes = sizeOf(args)
  }

  override get name(): string {
    return this.descriptor.name
  }

  override get replyCount(): number {
    return this.#isSilent ? 0 : 1
  }

  override encode(encoder: Encoder, known: Set<string>): void {
    if (this.replyMode === null) {
      this.append(encoder, known)
      return
    }
    this.#isForLater = this.replyMode.isQueuing
    // A script that is only queued is not one that the server has.
    this.append(encoder, this.#isForLater ? new Set() : known)
    this.#isSilent = this.replyMode.note(this.name, this.args)
  }

  /** @param _known SHA-1s of the scripts that the server has got on this connection */
  protected append(encoder: Encoder, _known: Set<string>): void {
    encoder.append(this.args)
  }

  protected override get retryClass(): RetryClass {
    return retryClassOf(this.descriptor, this.args)
  }

  override refusedForNow(reply: ErrorReply): RefusalAdvice | undefined {
    // A script, or a command of a module, can answer with any prefix after having done its work.
    if (this.descriptor.runsUserCode && !this.mayReplay()) return undefined
    return adviceOf(reply)
  }

  override get isShownRunByPart(): boolean {
    // It may be the word that it is queued; or, to EXEC, null, where a watched key was changed.
    return !this.#isForLater
  }

  override collect(): void {
    throw new Error(`${this.name} has one reply`)
  }

  override conclude(reply: Reply, hasNestedErrors: boolean): unknown {
    if (typeof reply === 'object' && reply instanceof ErrorReply) throw this.refusedBy(reply)
    if (this.#isForLater && reply === 'QUEUED') return reply
    const value = hasNestedErrors ? reviveErrors(reply, this.name) : reply
    const { transform } = this.descriptor
    return transform === undefined ? value : transform(value as Reply, this.mode)
  }
}

/** What servers answer to EVALSHA when they have no such script. */
const lacksScript = /^NOSCRIPT No matching script/

/** A script made by `script`: sent by its SHA-1 where the server has it, by its text where it has not. */
export class ScriptRequest extends CommandRequest {
  readonly #script: ScriptText
  #wentBySha = false
  /** It was sent by its SHA-1, and the server did not have it. */
  #isMissing = false
  /** Of a session: how many commands had been sent when it was. */
  #place = 0

  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    command: {
      readonly descriptor: CommandDescriptor
      readonly args: readonly Argument[]
      readonly script: ScriptText
    },
  ) {
    super(resolve, reject, settings, command.descriptor, command.args)
    this.#script = command.script
  }

  override encode(encoder: Encoder, known: Set<string>): void {
    super.encode(encoder, known)
    this.#place = this.replyMode?.noted ?? 0
  }

  protected override append(encoder: Encoder, known: Set<string>): void {
    const { sha1 } = this.#script
    this.#wentBySha = known.has(sha1) && !this.#isMissing
    if (this.#wentBySha) {
      encoder.append(this.args)
      return
    }
    encoder.append(byText(this.#script, this.args))
    known.add(sha1)
  }

  override refusedForNow(reply: ErrorReply): RefusalAdvice | undefined {
    // To its text no server says so: it would be the script's own word, after its work.
    if (!this.#wentBySha || !lacksScript.test(reply.message)) return super.refusedForNow(reply)
    // What was sent after it (SELECT, MULTI ...) may have changed what it would do: the caller decides.
    if (this.#place !== (this.replyMode?.noted ?? 0)) return undefined
    this.#isMissing = true
    return 'now'
  }
}

/** The arguments that send a script's text instead of its SHA-1. */
function byText({ verbs, source }: ScriptText, args: readonly Argument[]): readonly Argument[] {
  return [verbs[1], source, ...args.slice(2)]
}

/** A command that the server may let wait. */
export class WaitingRequest extends CommandRequest implements BlockingRequest {
  waited = 0
  giveUp: ((fate: Fate) => unknown) | null = null
  readonly #wait: WaitArgument

  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    command: {
      readonly descriptor: CommandDescriptor
      readonly args: readonly Argument[]
      readonly wait: WaitArgument
    },
  ) {
    super(resolve, reject, settings, command.descriptor, command.args)
    this.#wait = command.wait
  }

  override get serverWait(): number {
    const { position, unit } = this.#wait
    const given = Number(this.args[position]) * unit
    if (given === 0) return Infinity
    // What is no number is refused by the server, without a wait. No wait that has begun is without end.
    return given > 0 ? Math.max(1, given - this.waited) : 0
  }

  protected override append(encoder: Encoder): void {
    const { serverWait } = this
    if (this.waited === 0 || serverWait === 0 || serverWait === Infinity) {
      encoder.append(this.args)
      return
    }
    const { position, unit } = this.#wait
    const left = unit === 1 ? Math.ceil(serverWait) : serverWait / unit
    encoder.append(this.args.with(position, left))
  }

  override mayReplay(): boolean {
    return this.giveUp === null && super.mayReplay()
  }

  override answer(reply: Reply, hasNestedErrors: boolean): void {
    if (this.giveUp !== null && tookNothing(reply)) this.fail(this.giveUp('not-executed'))
    else super.answer(reply, hasNestedErrors)
  }
}

/** The reply of a command whose wait was ended before there was anything to be had. Server documentation: CLIENT UNBLOCK. */
function tookNothing(reply: Reply): boolean {
  return reply === null || (reply instanceof ErrorReply && prefixOf(reply.message) === 'UNBLOCKED')
}

/** What servers answer to an EXEC that they refuse, before the error that they would have given. */
const discardReason = /^EXECABORT Transaction discarded because of: (.*)/

const multiFrame: readonly Argument[] = ['MULTI']
const execFrame: readonly Argument[] = ['EXEC']

/** One transaction on its way: MULTI, its commands and EXEC, never apart. */
export class TransactionRequest extends ConfiguredRequest {
  /** As of a command. */
  replyMode: ReplyMode | null = null
  readonly #entries: readonly TransactionEntry[]
  #replies: Reply[] = []
  #replyCount: number

  constructor(
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
    settings: ResolvedCallOptions,
    entries: readonly TransactionEntry[],
  ) {
    super(resolve, reject, settings)
    this.#entries = entries
    this.#replyCount = entries.length + 2
    for (const { args } of entries) this.bytes += sizeOf(args)
  }

  override get name(): string {
    return 'MULTI'
  }

  override get replyCount(): number {
    return this.#replyCount
  }

  override encode(encoder: Encoder): void {
    this.#replies = []
    encoder.append(multiFrame)
    for (const { descriptor, args } of this.#entries) {
      // By its text: were the server without it, EXEC would have run the others.
      encoder.append(descriptor.script === undefined ? args : byText(descriptor.script, args))
    }
    encoder.append(execFrame)
    if (this.replyMode === null) return
    const isBegunSilently = this.replyMode.note('MULTI', multiFrame)
    const isEndedSilently = this.replyMode.note('EXEC', execFrame)
    if (!isBegunSilently) return
    // Without replies nothing will be known of it; after SKIP, MULTI's alone is left out.
    if (isEndedSilently) {
      this.#replyCount = 0
      return
    }
    this.#replyCount = this.#entries.length + 1
    this.#replies.push(null)
  }

  protected override get retryClass(): RetryClass {
    return retryClassOfTransaction(this.#entries)
  }

  override refusedForNow(reply: ErrorReply): RefusalAdvice | undefined {
    if (prefixOf(reply.message) !== 'EXECABORT') return adviceOf(reply)
    for (const earlier of this.#replies) {
      if (typeof earlier === 'object' && earlier instanceof ErrorReply) return adviceOf(earlier)
    }
    // All were queued, and EXEC itself came too late: the server says why.
    const reason = discardReason.exec(reply.message)?.[1]
    return reason === undefined ? undefined : passingPrefixes.get(prefixOf(reason))
  }

  override get isShownRunByPart(): boolean {
    // Where keys may be watched EXEC's reply may be null, which by RESP2 begins like an array: then nothing ran.
    return this.replyMode === null
  }

  override collect(reply: Reply): void {
    this.#replies.push(reply)
  }

  override conclude(reply: Reply): unknown {
    return readTransaction(this.#entries, [...this.#replies, reply], {
      mode: this.mode,
      attempts: this.attempts,
      refusedFate: (fate) => joinFates(this.fateSoFar, fate),
    })
  }
}

/** Roughly the bytes that a command keeps while it waits: what the queue's bound counts. */
function sizeOf(args: readonly Argument[]): number {
  let size = 0
  for (const arg of args) {
    if (typeof arg === 'string') size += arg.length + 8
    // Not of any object: its length can be anything, and one sum that is no number spoils all that follow.
    else size += arg instanceof Uint8Array ? arg.length + 8 : 16
  }
  return size
}
