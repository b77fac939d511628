/** What a client is told of itself. */
export interface ClientHooks {
  /** A change of its status, or an event that says so. */
  onStatus(text: string): void
}

/** What a scenario asks of a client beyond its defaults. */
export interface ClientSettings {
  /** A connection that has been silent for so many milliseconds while something is owed is taken for dead. */
  readonly silenceLimit?: number
  /** How long the first connect may take in all, in milliseconds. */
  readonly connectLimit?: number
  readonly username?: string
  readonly password?: string
  /** Number of the database that it uses. */
  readonly database?: number
  /** How many commands it may queue without a connection. */
  readonly queueLimit?: number
  /** How many bytes one bulk string of a reply may have. */
  readonly replyLimit?: number
  /** Nobody listens for its errors. Default: somebody does. */
  readonly isUnheard?: boolean
}

/** Commands that a scenario calls. */
export interface Commands {
  get(key: string): Promise<unknown>
  set(key: string, value: string): Promise<unknown>
  incr(key: string): Promise<unknown>
  /** Increments both in one transaction. */
  incrBoth?(first: string, second: string): Promise<unknown>
  /** @param seconds 0: for ever */
  blpop(key: string, seconds: number): Promise<unknown>
}

/** Called for what comes on a channel. */
export interface Hearing {
  onMessage(message: string): void
  /** The client says that messages may be missing. */
  onGap(): void
}

/** A client under test, used in the way that its manual shows. */
export interface LabClient extends Commands {
  /** Resolves when it is ready. */
  connect(): Promise<unknown>
  /** Commands that the signal ends, as far as the client can; undefined where it has no such thing. */
  readonly cancellable?: (signal: AbortSignal) => Commands
  /** Resolves when a command that failed so can not run any more; undefined where the client can't say that. */
  readonly whenFinal?: (error: unknown) => Promise<unknown>
  /** Listens to a channel; resolves when it does. */
  subscribe(channel: string, hearing: Hearing): Promise<unknown>
  /** Ends it in good order, as its manual shows. */
  close(): Promise<unknown>
  /** Ends it now, whatever is under way. */
  destroy(): void
}

/** Makes a client that has not connected yet, to a server without TLS on a port of 127.0.0.1. */
export type MakeClient = (port: number, settings: ClientSettings, hooks: ClientHooks) => LabClient
