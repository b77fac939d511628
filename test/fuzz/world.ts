import type { Client } from '../../src/index.js'
import type { Chance } from '../simulation/chance.js'
import type { Call } from './call.js'
import type { RightOptions } from './options.js'

/** What the calls of one round are made on. */
export interface World {
  readonly client: Client
  /** What the client was made with, as far as it decides how often a command may run. */
  readonly options: Required<RightOptions>
  /** Before every key that the client sends. */
  readonly keyPrefix: string
  /** Connections are lost, or the client is ended in the midst of it: what is well-formed may be rejected. */
  readonly isRough: boolean
  /** Aborted in the end: for calls that may wait without end. */
  readonly giveUp: AbortSignal
  /** Real signals that were given, to see whether listeners are left. */
  readonly signals: AbortSignal[]
}

/** Makes one call of its kind. @param token a word that no other call has */
export type CallMaker = (world: World, chance: Chance, token: string) => Call

/** Keys that are there before each round, and are written by nobody; their values. */
export const knownKeys: readonly string[] = [
  '',
  'one line',
  'two\r\nlines',
  '$5\r\nhello\r\n',
  'x'.repeat(5_000),
  'grüße',
]
export const knownKey = (index: number): string => `known:${index}`
