import type { Aftermath, Fate } from '../../errors.js'
import type { Clock } from '../timing/clock.js'
import { joinFates } from './fate.js'

/** The loss of a connection, and how long to wait for information about its requests. */
export interface Loss {
  readonly clock: Clock
  /** Clock time of the loss. */
  readonly at: number
  /** How long to wait after the loss, in milliseconds. */
  readonly patience: number
}

/**
 * An attempt that may or may not have run. It is settled when that becomes known, or when nothing more can become
 * known.
 */
export class Doubt {
  /**
   * If the server closed the connection after it had read no more bytes than this, it has not run the attempt and never
   * will, because a frame is complete only with its last bytes.
   */
  readonly unreadUpTo: number
  fate: Fate = 'unknown'
  /** Whether the attempt can't run any more. */
  isFenced = false
  isSettled = false
  /**
   * The loss of the attempt's connection. Undefined while the reply may still arrive, and after the doubt is settled.
   */
  loss: Loss | undefined
  #watchers: (() => void)[] | undefined

  constructor(unreadUpTo = -1) {
    this.unreadUpTo = unreadUpTo
  }

  /** Calls back at every change. */
  watch(callback: () => void): void {
    this.#watchers ??= []
    this.#watchers.push(callback)
  }

  lose(loss: Loss): void {
    this.loss = loss
    this.#tell()
  }

  /**
   * Called when nothing more can become known.
   * @param isFenced whether the attempt can't run any more; default: whether its fate is known
   */
  settle(fate: Fate, isFenced = fate !== 'unknown'): void {
    if (this.isSettled) return
    this.isSettled = true
    this.isFenced = isFenced
    this.fate = fate
    this.#tell()
    // If a caller keeps the error, the error must not keep the client in memory.
    this.loss = undefined
    this.#watchers = undefined
  }

  /**
   * Called when the connection was lost. From now on, this doubt takes its result from `other`, which was created for
   * the loss.
   * @param known the fate, as far as the reply has shown it
   */
  follow(other: Doubt, known: Fate): void {
    this.fate = known
    const take = (): void => {
      if (other.isSettled) this.settle(known === 'unknown' ? other.fate : joinFates(known, other.fate), other.isFenced)
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

/** What becomes known about all attempts of a rejected request. This costs nothing until a property is read. */
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
        else if (!isOver) cancel ??= this.#limit(open, finish)
      }
      for (const doubt of this.#doubts) doubt.watch(look)
      look()
    })
    return this.#outcome
  }

  /**
   * Limits the wait for open doubts. If one of them has no loss yet, there is no limit, because its reply or the loss
   * follows.
   */
  #limit(open: readonly Doubt[], onOver: () => void): (() => void) | undefined {
    const losses = open.flatMap(({ loss }) => loss ?? [])
    const [first] = losses
    if (first === undefined || losses.length < open.length) return undefined
    const { clock, patience } = first
    const begin = Math.max(this.#rejectedAt, ...losses.map(({ at }) => at))
    const left = begin + patience - clock.now()
    if (left <= 0) {
      onOver()
      return undefined
    }
    const timer = clock.after(left, onOver)
    return () => clock.cancel(timer)
  }
}
