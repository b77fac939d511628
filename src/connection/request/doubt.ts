import type { Aftermath, Fate } from '../../errors.js'
import type { Clock } from '../timing/clock.js'
import { joinFates } from './fate.js'

/** The loss of a connection, and how long its consequences are waited for. */
export interface Loss {
  readonly clock: Clock
  /** Clock time. */
  readonly at: number
  /** Milliseconds. */
  readonly patience: number
}

/** An attempt of which it is not known whether it ran, until that becomes known or nothing more can. */
export class Doubt {
  /**
   * The server has not run the attempt if it has read no more bytes than this from the connection, and never will. Frames
   * are complete only with their last bytes.
   */
  readonly unreadUpTo: number
  fate: Fate = 'unknown'
  /** The attempt can't run any more. */
  isFenced = false
  isSettled = false
  /** Undefined while its reply may still come, and once it is settled. */
  loss: Loss | undefined
  #watchers: (() => void)[] | undefined

  constructor(unreadUpTo = -1) {
    this.unreadUpTo = unreadUpTo
  }

  /** Calls back at each change. */
  watch(callback: () => void): void {
    this.#watchers ??= []
    this.#watchers.push(callback)
  }

  lose(loss: Loss): void {
    this.loss = loss
    this.#tell()
  }

  /** Nothing more becomes known. */
  settle(isFenced: boolean, fate: Fate): void {
    if (this.isSettled) return
    this.isSettled = true
    this.isFenced = isFenced
    this.fate = fate
    this.#tell()
    // An error that somebody keeps must not keep the client.
    this.loss = undefined
    this.#watchers = undefined
  }

  /** The connection was lost: what becomes known of `other`, the doubt of the loss, holds for this one. */
  follow(other: Doubt): void {
    const take = (): void => {
      if (other.isSettled) this.settle(other.isFenced, other.fate)
    }
    other.watch(take)
    if (other.loss !== undefined) this.lose(other.loss)
    take()
  }

  #tell(): void {
    for (const callback of this.#watchers ?? []) callback()
  }
}

interface Outcome {
  readonly isFenced: boolean
  readonly fate: Fate
}

/** What becomes known of all attempts of a rejected request. Costs nothing until somebody asks. */
export class JoinedDoubts implements Aftermath {
  readonly #doubts: readonly Doubt[]
  readonly #certain: Fate
  readonly #rejectedAt: number
  #outcome: Promise<Outcome> | undefined

  /** @param certain the joined fate of the other attempts */
  constructor(doubts: readonly Doubt[], certain: Fate) {
    this.#doubts = doubts
    this.#certain = certain
    this.#rejectedAt = doubts.find(({ loss }) => loss !== undefined)?.loss?.clock.now() ?? 0
  }

  get fenced(): Promise<boolean> {
    return this.#settled().then(({ isFenced }) => isFenced)
  }

  get resolved(): Promise<Fate> {
    return this.#settled().then(({ fate }) => fate)
  }

  #settled(): Promise<Outcome> {
    this.#outcome ??= new Promise((resolve) => {
      let cancel: (() => void) | undefined
      let isOver = false
      const finish = (): void => {
        if (isOver) return
        isOver = true
        cancel?.()
        resolve({
          isFenced: this.#certain !== 'unknown' && this.#doubts.every(({ isFenced }) => isFenced),
          fate: this.#doubts.reduce((joined, { fate }) => joinFates(joined, fate), this.#certain),
        })
      }
      const look = (): void => {
        const open = this.#doubts.filter(({ isSettled }) => !isSettled)
        if (open.length === 0) finish()
        else if (!isOver && cancel === undefined) cancel = this.#limit(open, finish)
      }
      for (const doubt of this.#doubts) doubt.watch(look)
      look()
    })
    return this.#outcome
  }

  /** Without a loss, there is no limit: the reply or the loss follows. */
  #limit(open: readonly Doubt[], onOver: () => void): (() => void) | undefined {
    const losses = open.map(({ loss }) => loss)
    const [first] = losses
    if (first === undefined || losses.includes(undefined)) return undefined
    const { clock, patience } = first
    const begin = Math.max(this.#rejectedAt, ...losses.map((loss) => loss?.at ?? 0))
    const left = begin + patience - clock.now()
    if (left <= 0) {
      onOver()
      return undefined
    }
    const timer = clock.after(left, onOver)
    return () => clock.cancel(timer)
  }
}
