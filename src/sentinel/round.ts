import type { Clock, Timer } from '../connection/timing/clock.js'
import type { RespiteError } from '../errors.js'
import { type Address, isAsNew, type MasterView } from './address.js'

/** A sentinel that has not answered within this many milliseconds is silent: the next is asked, too. */
export const staggerMs = 200

/** A sentinel that gave no address of a master. */
export interface Failure {
  readonly sentinel: Address
  readonly error: RespiteError
}

/** A question that is under way. */
export interface Question {
  cancel(): void
}

/** Receives what came of a question: one of the two is called once, in a later tick, unless it was cancelled. */
export interface Answerer {
  onView(view: MasterView): void
  onFailed(error: RespiteError): void
}

/** What a round of questions works with. */
export interface RoundDependencies {
  readonly clock: Clock
  /** The newest view of all rounds before, and of announcements. It may change during the round. */
  known(): MasterView | undefined
  ask(sentinel: Address, answerer: Answerer): Question
  onFound(sentinel: Address, view: MasterView): void
  /** @param outdated sentinels whose answers were older than what is known, and too few to be believed */
  onNone(failures: readonly Failure[], outdated: readonly Address[]): void
}

interface Answer {
  readonly sentinel: Address
  readonly view: MasterView
}

/**
 * One round of questions: which sentinels are asked when, and which answer counts.
 *
 * For the `first` good answer, each sentinel is asked when the ones before it have failed or been silent for a while. For the
 * `newest`, all are asked at once, and waited for as long as for a silent one.
 *
 * A sentinel that missed a failover names the deposed master. So an answer that is older than what is known is believed only if
 * every sentinel was waited for, none gave a newer one, and more than half of all say so: then they were set up again.
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
  /** Of the newest: no sentinel is waited for any longer, once there is a good answer. */
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

  /** Ends the round. Nobody is told. */
  cancel(): void {
    if (this.#timer !== undefined) this.#dependencies.clock.cancel(this.#timer)
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

  /** Whether it is over, after an answer, a failure, or the wait. */
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
      // What was said is of no use: the next need not wait.
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
    if (this.#timer !== undefined) clock.cancel(this.#timer)
    this.#timer = clock.after(staggerMs, then)
  }
}
