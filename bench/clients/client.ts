import type { Target } from '../target.js'

/** Reads keys; `get` of a client, of a view of it, or of a second connection of it. */
export interface Reader {
  get(key: string): Promise<unknown>
}

/**
 * The methods that the workloads need, each implemented in the way that the client's manual shows. Some clients lack the optional
 * ones.
 */
export interface BenchClient extends Reader {
  readonly name: string
  set(key: string, value: string | Buffer): Promise<unknown>
  mget(keys: string[]): Promise<readonly unknown[]>
  /** The whole list. */
  lrange(key: string): Promise<readonly unknown[]>
  hgetall(key: string): Promise<unknown>
  /** The stream from its beginning, by XREAD. */
  xread(key: string, count: number): Promise<unknown>
  getBuffer(key: string): Promise<unknown>
  /** A GET of each key, sent together. */
  pipeline(keys: readonly string[]): Promise<unknown>
  /** An INCR of each key, between MULTI and EXEC. */
  multi?(keys: readonly string[]): Promise<unknown>
  /** Reads that the signal can cancel. */
  cancellable?(signal: AbortSignal): Reader
  /** Reads that fail when they take longer than `timeLimitMs`. */
  readonly timeLimited?: Reader
  /** Reads that fail when they take longer than so many milliseconds. */
  limitedTo?(timeLimitMs: number): Reader | Promise<Reader>
  /** Subscribes to channels; resolves when the server has confirmed them. */
  subscribe?(channels: readonly string[], onMessage: () => void): Promise<void>
  /** Closes it, and everything that was opened for it. */
  close(): Promise<void>
}

/** Connects a client to a server; undefined if the client is not installed. */
export type ConnectClient = (target: Target) => Promise<BenchClient | undefined>

/** So long that it never expires during a measurement, which is about the cost of having a time limit. */
export const timeLimitMs = 60_000
