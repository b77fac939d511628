import type { Client } from '../../../src/client.js'
import type { RetryClass } from '../../../src/commands/retry.js'
import type { ScopedClient } from '../../../src/dispatch/scoped-client.js'
import type { RespiteError } from '../../../src/errors.js'
import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'

/** What a caller has at hand. */
export interface CallContext {
  /** The client with the settings of this call. */
  readonly view: ScopedClient
  readonly client: Client
  readonly clock: SimulatedClock
}

/** One thing that a caller can ask of a client, and how its reply is judged. */
export interface Operation {
  /** By which it is counted. */
  readonly kind: string
  readonly title: string
  readonly retryClass: RetryClass
  /** It runs on a pooled connection: for a blocking command, or for a session. */
  readonly own?: 'blocking' | 'session'
  /** Milliseconds, where it has a time limit whatever the settings. */
  readonly timeout?: number
  /** Milliseconds that it waits at the server, all its attempts together, where it is sent again. */
  readonly wait?: number
  /** It may be answered without having been run: there was nothing to be had, or a watched key was changed. */
  readonly mayComeToNothing?: boolean
  /** So many of its commands may be pending at a time; default 1. */
  readonly mostPending?: number
  /** Its error may be that of a command without its mark: the fate is that one's. */
  readonly failsForOthers?: boolean
  /** However often it is sent, it runs at most once. */
  readonly runsOnce?: boolean
  /** A script: it may have done all its work when it answers with an error. */
  readonly runsUserCode?: boolean
  /** Of its commands, what tells those apart that may each run once. Default: their name. */
  runKey?(args: readonly Buffer[]): string
  call(context: CallContext): Promise<unknown>
  /**
   * What is wrong with a reply; undefined when it is the right one.
   * @param executions how often the server has run it by then
   */
  judge(reply: unknown, executions: number): string | undefined
  /** What is wrong with an error, its fate apart. Absent: any will do, except that nothing about the call was unsendable. */
  judgeError?(error: RespiteError): string | undefined
  /** What is wrong with a command as the server ran it: it is not what the caller passed. */
  judgeRun?(args: readonly Buffer[]): string | undefined
}

/** Makes one of a kind. @param largest bytes of its values at most */
export type Maker = (mark: string, chance: Chance, largest: number) => Operation

/** The reply must be this one. */
export const expectReply =
  (wanted: unknown) =>
  (reply: unknown): string | undefined =>
    JSON.stringify(reply) === JSON.stringify(wanted)
      ? undefined
      : `expected ${JSON.stringify(wanted).slice(0, 60)}, got ${JSON.stringify(reply)?.slice(0, 60)}`

/** A reply that counts the executions, of which the reply may be any one's. */
export const countsExecutions = (reply: unknown, executions: number): string | undefined =>
  typeof reply === 'number' && reply >= 1 && reply <= executions
    ? undefined
    : `expected a number from 1 to ${executions}, got ${JSON.stringify(reply)}`

/** What is wrong with the arguments that the server ran; undefined when they are those of the call. */
export const operationError = (args: readonly Buffer[], wanted: readonly string[]): string | undefined =>
  args.length === wanted.length && wanted.every((text, i) => String(args[i]) === text)
    ? undefined
    : `ran as ${args.slice(0, 4).join(' ').slice(0, 80)}`
