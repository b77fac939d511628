/** Milliseconds since the performance began. */
export type Moment = number

/** What a client said of a command. */
export type Said =
  | { readonly settled: 'value'; readonly value: string }
  | {
      readonly settled: 'error'
      readonly name: string
      readonly message: string
      /** Undefined where the client's errors do not say what became of the command. */
      readonly fate?: string | undefined
    }
  /** The promise was still pending when the scenario was over. */
  | { readonly settled: 'never' }

/**
 * A step in the life of a command, as it was seen from outside: by its caller, on the wire, and by the server.
 *
 * - `called`: the caller has called the client's method
 * - `sent`: its whole frame came out of the client
 * - `ran`: the server says that it runs it
 * - `answered`: the server has written its whole reply
 * - `lost`: the link that it was sent on has ended, and its caller has not been told anything yet
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
  /** Its first argument: no other command of the performance has it. */
  readonly key: string
  /** In the order of time. */
  readonly events: readonly CommandEvent[]
  readonly said: Said
  /** How often the server ran it. */
  readonly ran: number
  /** How often it may run: 0 where it must not, 1 where another time does its work twice; undefined where that does no harm. */
  readonly mayRun?: number | undefined
  /** The value that is right, where only one is. */
  readonly expected?: string | undefined
  /** The value that it gets from a stream in which replies were forged or removed. */
  readonly forged?: string | undefined
  /** Errors that the server answers without running it: one of these texts is in the message. */
  readonly refusal?: string | readonly string[] | undefined
  /** Its caller had given up before anything was said. */
  readonly isOverdue?: boolean
}

/** Bytes that came out of the client or the server at once. */
export interface WireEvent {
  readonly at: Moment
  readonly link: number
  readonly from: 'client' | 'server'
  readonly bytes: number
  /** All of them, escaped. */
  readonly text: string
  /** What the proxy did with them, where it did not pass them on. */
  readonly fault?: string | undefined
}

/** One connection of the client. */
export interface LinkTrace {
  readonly id: number
  readonly openedAt: Moment
  /** Undefined while it is open. */
  readonly closedAt?: Moment | undefined
}

/** A word at a moment. */
export interface Note {
  readonly at: Moment
  readonly text: string
}

/** Something that a scenario looked at, beside what became of its commands. */
export interface Finding {
  readonly text: string
  readonly isGood: boolean
}

/** One scenario, played with one client: everything that was seen. */
export interface Performance {
  readonly scenario: string
  readonly client: string
  readonly durationMs: number
  readonly commands: readonly CommandTrace[]
  readonly links: readonly LinkTrace[]
  /** What the client said of itself: its status, or the names of its events. */
  readonly statuses: readonly Note[]
  /** What was done to it. */
  readonly faults: readonly Note[]
  readonly wire: readonly WireEvent[]
  readonly findings: readonly Finding[]
  /** Why the process would have ended: an exception that nobody caught. */
  readonly death?: Note | undefined
}

/** What `npm run lab` writes as JSON. */
export interface LabTrace {
  /** Of this format. */
  readonly version: 1
  /** Versions, and the server. */
  readonly environment: readonly string[]
  readonly performances: readonly Performance[]
}
