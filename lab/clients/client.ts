/** What a client reports to the lab. */
export interface ClientHooks {
  /** Its status has changed, or it has emitted an event about that. */
  onStatus(text: string): void
}

/** Settings of a client that differ from its defaults. */
export interface ClientSettings {
  /** After this many milliseconds without data while replies are pending, the connection counts as lost. */
  readonly silenceLimit?: number
  /** Milliseconds that the first connect may take in total. */
  readonly connectLimit?: number
  readonly username?: string
  readonly password?: string
  /** Number of the database that it uses. */
  readonly database?: number
  /** How many commands it may queue without a connection. */
  readonly queueLimit?: number
  /** How many bytes one bulk string of a reply may have. */
  readonly replyLimit?: number
  /** Nothing listens for its error events. Default: something does. */
  readonly isUnheard?: boolean
  /** The port is that of a sentinel, which knows the master by this name. */
  readonly masterName?: string
  /** The port is that of a node of a cluster; these are the ports of all its masters. */
  readonly seeds?: readonly number[]
}

/** Commands that a scenario calls. */
export interface Commands {
  get(key: string): Promise<unknown>
  set(key: string, value: string): Promise<unknown>
  incr(key: string): Promise<unknown>
  /** Increments both in one transaction. */
  incrBoth?(first: string, second: string): Promise<unknown>
  /** Appends one element to a list. */
  rpush?(key: string, element: string): Promise<unknown>
  /** @param seconds 0: no limit */
  blpop(key: string, seconds: number): Promise<unknown>
}

/** Callbacks of a subscriber. */
export interface Hearing {
  onMessage(message: string): void
  /** The client says that messages may be missing. */
  onGap(): void
}

/** A client under test, used as its manual shows. */
export interface LabClient extends Commands {
  /** Resolves when it is ready. */
  connect(): Promise<unknown>
  /** Commands that the signal cancels; undefined if the client can't cancel commands. */
  readonly cancellable?: (signal: AbortSignal) => Commands
  /** Resolves when a command that failed so can not run any more; undefined where the client can't say that. */
  readonly whenFinal?: (error: unknown) => Promise<unknown>
  /** An INCR that counts once, however often it is sent. Without it, a scenario calls `incr`. */
  incrOnce?(key: string): Promise<unknown>
  /** Listens to a channel; resolves when it does. */
  subscribe(channel: string, hearing: Hearing): Promise<unknown>
  /** Closes it gracefully, as its manual shows. */
  close(): Promise<unknown>
  /** Ends it at once, with all that is in flight. */
  destroy(): void
}

/** Makes a client that has not connected yet, to a server without TLS on a port of 127.0.0.1. */
export type MakeClient = (port: number, settings: ClientSettings, hooks: ClientHooks) => LabClient
