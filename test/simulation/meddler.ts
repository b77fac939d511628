import type { Client } from '../../src/client.js'
import type { Callers } from './callers.js'
import type { Chance } from './chance.js'
import type { Listeners } from './listeners.js'
import type { Tally } from './tally.js'

/** So often at most it acts in one run: what it does brings about more of the same. */
const mostActs = 25

/** Where the client calls code of its user. */
export type Place =
  | 'a status listener'
  | 'an error listener'
  | 'credentials'
  | 'reconnect'
  | 'onMessage'
  | 'onGap'
  | 'onError'

/** Code of the user that calls the client while the client calls it. */
export class Meddler {
  #acts = 0
  readonly #client: Client
  readonly #callers: Callers
  readonly #listeners: Listeners
  readonly #chance: Chance
  readonly #tally: Tally
  readonly #act: (action: () => void) => void
  /** Whether calls may still be made. */
  readonly #isTime: () => boolean

  /** @param act carries an action out, at once or a moment later */
  constructor(
    client: Client,
    callers: Callers,
    listeners: Listeners,
    ground: {
      readonly chance: Chance
      readonly tally: Tally
      readonly act: (action: () => void) => void
      readonly isTime: () => boolean
    },
  ) {
    this.#client = client
    this.#callers = callers
    this.#listeners = listeners
    this.#chance = ground.chance
    this.#tally = ground.tally
    this.#act = ground.act
    this.#isTime = ground.isTime
  }

  /** The client calls code of its user just now. */
  meddle(place: Place): void {
    if (!this.#isTime() || this.#acts >= mostActs) return
    // Gaps are seldom.
    if (!this.#chance.happens(place === 'onGap' ? 0.4 : 0.25)) return
    this.#acts += 1
    this.#tally.note(`meddling: in ${place}`)
    const client = this.#client
    const kind = this.#chance.pick([
      'call',
      'call',
      'burst',
      'subscribe',
      'unsubscribe',
      'look',
      'connect',
      'end',
    ] as const)
    this.#act(() => {
      switch (kind) {
        case 'call':
          void this.#callers.call()
          return
        case 'burst':
          this.#callers.burst()
          return
        case 'subscribe':
          this.#listeners.subscribe()
          return
        case 'unsubscribe':
          this.#listeners.unsubscribe()
          return
        case 'look':
          client.inFlight()
          client.stats()
          return
        case 'connect':
          client.connect().catch(() => {})
          return
        case 'end':
          if (!this.#chance.happens(0.15)) return
          if (this.#chance.happens(0.5)) client.destroy()
          else void client.close({ timeout: 100 })
      }
    })
  }
}
