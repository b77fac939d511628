import type { Clock, Timer } from '../connection/timing/clock.js'
import type { RespiteError } from '../errors.js'
import { type Address, isAsNew, type MasterView } from './address.js'

/** A sentinel that has not answered within this many milliseconds counts as silent, and the next one is asked too. */
export const staggerMs = 200

/** The error of a sentinel that did not give the address of the master. */
export interface Failure {
  readonly sentinel: Address
  readonly error: RespiteError
}

/** A pending question. */
export interface Question {
  cancel(): void
}

/** Receives the result of a question. One of the two methods is called once, in a later tick, unless it is cancelled. */
export interface Answerer {
  onView(view: MasterView): void
  onFailed(error: RespiteError): void
}

/** What a round of questions needs. */
export interface RoundDependencies {
  readonly clock: Clock
  /** The newest view from previous rounds and from announcements. It may change during the round. */
  known(): MasterView | undefined
  ask(sentinel: Address, answerer: Answerer): Question
  onFound(sentinel: Address, view: MasterView): void
  /** @param outdated sentinels whose answers were older than the known view; they were too few to be accepted */
  onNone(failures: readonly Failure[], outdated: readonly Address[]): void
}

interface Answer {
  readonly sentinel: Address
  readonly view: MasterView
}

/**
 * One round of questions. It decides when each sentinel is asked, and which answer counts.
 *
 * To get the `first` good answer, the sentinels are asked one after another: each when the ones before it have failed or have
 * been silent for 200 ms. To get the `newest` answer, all sentinels are asked at the same time, and have 200 ms to answer.
 *
 * A sentinel that missed a failover names the demoted master. So an answer that is older than the known view is accepted only
 * if every sentinel has answered or failed, no answer is newer, and more than half of all sentinels have answered. This happens
 * after the sentinels were configured from scratch, because their epochs start again.
 */
export class Round {
  readonly #wanted: 'first' | 'newest'
  readonly #waiting: Address[]
  readonly #count: number
  readonly #dependencies: RoundDependencies
  readonly #asked = new Set<Question>()
  readonly #failures: Failure[] = []
  readonly #answers: Answer[] = []
  #timer: Timer | undefined
  /** Only for `newest`: the 200 ms have passed, so the round ends as soon as there is a good answer. */
  #isOverdue = false

  constructor(wanted: 'first' | 'newest', sentinels: readonly Address[], dependencies: RoundDependencies) {
    this.#wanted = wanted
    this.#waiting = [...sentinels]
    this.#count = sentinels.length
    this.#dependencies = dependencies
  }

  begin(): void {
    if (this.#wanted === 'first') {
      this.#askNext()
      return
    }
    while (this.#waiting.length > 0) this.#askNext()
    this.#wait(() => {
      this.#isOverdue = true
      this.#decide()
    })
  }

  /** Ends the round without calling `onFound` or `onNone`. */
  cancel(): void {
    this.#dependencies.clock.cancel(this.#timer)
    this.#timer = undefined
    for (const question of this.#asked) question.cancel()
    this.#asked.clear()
  }

  #askNext(): void {
    const sentinel = this.#waiting.shift()
    if (sentinel === undefined) return
    if (this.#wanted === 'first' && this.#waiting.length > 0) this.#wait(() => this.#askNext())
    const question = this.#dependencies.ask(sentinel, {
      onView: (view) => {
        this.#asked.delete(question)
        this.#answers.push({ sentinel, view })
        this.#decide()
      },
      onFailed: (error) => {
        this.#asked.delete(question)
        this.#failures.push({ sentinel, error })
        this.#decide()
      },
    })
    this.#asked.add(question)
  }

  /** Ends the round if possible; called after an answer, after a failure, and after the wait. */
  #decide(): void {
    const best = this.#answers.reduce<Answer | undefined>(
      (newest, answer) => (newest === undefined || answer.view.epoch > newest.view.epoch ? answer : newest),
      undefined,
    )
    const known = this.#dependencies.known()
    const isOver = this.#answers.length + this.#failures.length === this.#count
    if (best !== undefined && isAsNew(best.view, known)) {
      const isNewer = known !== undefined && best.view.epoch > known.epoch
      if (isOver || isNewer || this.#isOverdue || this.#wanted === 'first') {
        this.cancel()
        this.#dependencies.onFound(best.sentinel, best.view)
      }
      return
    }
    if (!isOver) {
      // This answer is not usable, so the next sentinel is asked without waiting.
      if (this.#wanted === 'first') this.#askNext()
      return
    }
    this.cancel()
    if (best !== undefined && this.#answers.length * 2 > this.#count) {
      this.#dependencies.onFound(best.sentinel, best.view)
    } else {
      this.#dependencies.onNone(
        this.#failures,
        this.#answers.map(({ sentinel }) => sentinel),
      )
    }
  }

  #wait(then: () => void): void {
    const { clock } = this.#dependencies
    clock.cancel(this.#timer)
    this.#timer = clock.after(staggerMs, then)
  }
}
