import type { Client } from '../../src/index.js'
import type { Chance } from '../simulation/chance.js'
import type { Call } from './call.js'
import type { RightOptions } from './options.js'

/** What the calls of one round share. */
export interface World {
  readonly client: Client
  /** The client's options that limit how often a command may run. */
  readonly options: Required<RightOptions>
  /** The client's `keyPrefix`. */
  readonly keyPrefix: string
  /** Connections get lost, or the client is closed during the round: correct calls may be rejected. */
  readonly isRough: boolean
  /** Aborted at the end of the round: for calls that may wait without limit. */
  readonly giveUp: AbortSignal
  /** Real signals that were passed, to check that no listeners are left. */
  readonly signals: AbortSignal[]
}

/** Makes one call of a kind. @param token text that no other call uses */
export type CallMaker = (world: World, chance: Chance, token: string) => Call

/** Values of keys that exist before each round and that no call writes. */
export const knownKeys: readonly string[] = [
  '',
  'one line',
  'two\r\nlines',
  '$5\r\nhello\r\n',
  'x'.repeat(5_000),
  'grüße',
]
export const knownKey = (index: number): string => `known:${index}`
