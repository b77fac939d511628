import type { Fate } from '../../src/index.js'

/** Milliseconds since the beginning of the run. */
export type Moment = number

/** What a client told the caller of a command. */
export type Said =
  | { readonly settled: 'value'; readonly value: string }
  | {
      readonly settled: 'error'
      readonly name: string
      readonly message: string
      /** Undefined if the client's errors do not say what became of the command. */
      readonly fate?: string | undefined
      /** Not the client said this: it can't cancel the command, and its caller has stopped waiting. */
      readonly isUncancelled?: boolean
    }
  /** The promise was still pending at the end of the scenario. */
  | { readonly settled: 'never' }

/**
 * A step of a command, as seen from outside: by its caller, on the wire, and by the server.
 *
 * - `called`: the caller has called the client's method
 * - `sent`: the client has sent all of it
 * - `ran`: the server says that it runs it
 * - `answered`: the server has sent its whole reply
 * - `lost`: its link has ended, and its caller was not told anything yet
 * - `settled`: its caller was told
 */
export interface CommandEvent {
  readonly at: Moment
  readonly what: 'called' | 'sent' | 'ran' | 'answered' | 'lost' | 'settled'
  /** Number of the link. */
  readonly link?: number
}

/** One command of a scenario. */
export interface CommandTrace {
  /** Its name, as the server knows it. */
  readonly name: string
  /** Its first argument, with the element of an RPUSH; no other command of the run has the same. */
  readonly key: string
  /** In order of time. */
  readonly events: readonly CommandEvent[]
  readonly said: Said
  /** How often the server ran it. */
  readonly ran: number
  /** The value that it gets if it ended without running, such as a BLPOP that reached its time limit. */
  readonly vain?: string | undefined
  /** How often it may run: 0 if it must not, 1 if running it again does its work twice; undefined if that does no harm. */
  readonly mayRun?: number | undefined
  /** The only right value, if there is only one. */
  readonly expected?: string | undefined
  /** The value that it gets from a stream in which replies were forged or removed. */
  readonly forged?: string | undefined
  /** With which fates it may fail; undefined if nothing is said about that. */
  readonly mayFail?: readonly Fate[]
  /** Whether a fault hides its result from clients whose errors have no fate; undefined: if it may fail. */
  readonly isHidden?: boolean
  /** The server refuses the command with an error that contains one of these texts. */
  readonly refusal?: string | readonly string[] | undefined
  /** Its caller had given up waiting before it was told anything. */
  readonly isOverdue?: boolean
}

/** Bytes that the client or the server sent at once. */
export interface WireEvent {
  readonly at: Moment
  readonly link: number
  readonly from: 'client' | 'server'
  readonly bytes: number
  /** All of them, escaped. */
  readonly text: string
  /** The end of `text` that never arrived at the other side; undefined if everything arrived. */
  readonly missing?: string | undefined
  /** What the proxy did with them, if it did not pass them on. */
  readonly fault?: string | undefined
}

/** One connection of the client. */
export interface LinkTrace {
  readonly id: number
  /** The server that it leads to, if there are several. */
  readonly node?: string
  readonly openedAt: Moment
  /** When the client ended its side; undefined if it did not, or if that never arrived at the proxy. */
  readonly leftAt?: Moment | undefined
  /** Undefined while it is open. */
  readonly closedAt?: Moment | undefined
}

/** A text with its time. */
export interface Note {
  readonly at: Moment
  readonly text: string
}

/** An expectation of a scenario, besides what became of its commands. */
export interface Finding {
  readonly text: string
  readonly isGood: boolean
}

/** One run of a scenario with a client: everything that was recorded. */
export interface Performance {
  readonly scenario: string
  readonly client: string
  readonly durationMs: number
  readonly commands: readonly CommandTrace[]
  readonly links: readonly LinkTrace[]
  /** Status changes of the client, or the names of its events. */
  readonly statuses: readonly Note[]
  /** What was done to it. */
  readonly faults: readonly Note[]
  readonly wire: readonly WireEvent[]
  readonly findings: readonly Finding[]
  /** The uncaught exception that would have ended the process. */
  readonly death?: Note | undefined
  /** The results of all runs of the scenario with the client, if there were several: this is one of them. */
  readonly runs?: readonly RunResult[] | undefined
}

/** The result of one of several runs, in words. */
export interface RunResult {
  readonly result: string
  readonly isGood: boolean
}

/** What `npm run lab` writes as JSON. */
export interface LabTrace {
  /** Version of this format. */
  readonly version: 1
  /** The server, and versions. */
  readonly environment: readonly string[]
  readonly performances: readonly Performance[]
}
