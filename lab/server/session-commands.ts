/** What a server checks before it runs a command that concerns the connection or the server, and not the data. */
export interface SessionCommand {
  /** Number of arguments, including the name; negative: the minimum. */
  readonly arity: number
  /** Runs without authentication. */
  readonly runsUnauthenticated?: boolean
  /** Runs while the server loads its data. */
  readonly runsWhileLoading?: boolean
  /** Runs while a script runs for too long. */
  readonly runsWhileBusy?: boolean
  /** Changes data: refused by a replica. */
  readonly writes?: boolean
  /** What happens between MULTI and EXEC; default: it is queued. */
  readonly inTransaction?: 'runs' | 'is refused'
}

/** All of them, by name. */
export const sessionCommands: Readonly<Record<string, SessionCommand>> = {
  HELLO: { arity: -1, runsUnauthenticated: true, runsWhileLoading: true, runsWhileBusy: true },
  AUTH: { arity: -2, runsUnauthenticated: true, runsWhileLoading: true, runsWhileBusy: true },
  QUIT: { arity: -1, runsUnauthenticated: true, runsWhileLoading: true, inTransaction: 'runs', runsWhileBusy: true },
  RESET: { arity: 1, runsUnauthenticated: true, runsWhileLoading: true, inTransaction: 'runs', runsWhileBusy: true },
  SELECT: { arity: 2, runsWhileLoading: true },
  CLIENT: { arity: -2, runsWhileLoading: true },
  MULTI: { arity: 1, runsWhileLoading: true, inTransaction: 'runs', runsWhileBusy: true },
  EXEC: { arity: 1, runsWhileLoading: true, inTransaction: 'runs' },
  DISCARD: { arity: 1, runsWhileLoading: true, inTransaction: 'runs', runsWhileBusy: true },
  WATCH: { arity: -2, runsWhileLoading: true, inTransaction: 'runs', runsWhileBusy: true },
  UNWATCH: { arity: 1, runsWhileLoading: true, runsWhileBusy: true },
  ASKING: { arity: 1 },
  READONLY: { arity: 1, runsWhileLoading: true },
  READWRITE: { arity: 1, runsWhileLoading: true },
  CLUSTER: { arity: -2 },
  PING: { arity: -1 },
  ECHO: { arity: 2, runsWhileLoading: true },
  INFO: { arity: -1, runsWhileLoading: true },
  ROLE: { arity: 1, runsWhileLoading: true },
  SENTINEL: { arity: -2 },
  CONFIG: { arity: -2, runsWhileLoading: true },
  TIME: { arity: 1, runsWhileLoading: true },
  COMMAND: { arity: -1, runsWhileLoading: true },
  PUBLISH: { arity: 3, runsWhileLoading: true },
  SPUBLISH: { arity: 3, runsWhileLoading: true },
  SUBSCRIBE: { arity: -2, runsWhileLoading: true, inTransaction: 'is refused' },
  UNSUBSCRIBE: { arity: -1, runsWhileLoading: true, inTransaction: 'is refused' },
  PSUBSCRIBE: { arity: -2, runsWhileLoading: true, inTransaction: 'is refused' },
  PUNSUBSCRIBE: { arity: -1, runsWhileLoading: true, inTransaction: 'is refused' },
  SSUBSCRIBE: { arity: -2, runsWhileLoading: true, inTransaction: 'is refused' },
  SUNSUBSCRIBE: { arity: -1, runsWhileLoading: true, inTransaction: 'is refused' },
  MONITOR: { arity: 1, runsWhileLoading: true, inTransaction: 'is refused' },
  EVAL: { arity: -3 },
  EVALSHA: { arity: -3 },
  EVAL_RO: { arity: -3 },
  EVALSHA_RO: { arity: -3 },
  SCRIPT: { arity: -2 },
  SCAN: { arity: -2 },
  HSCAN: { arity: -3 },
  SSCAN: { arity: -3 },
  ZSCAN: { arity: -3 },
  BLPOP: { arity: -3, writes: true },
  BRPOP: { arity: -3, writes: true },
  BLMOVE: { arity: 6, writes: true },
}
