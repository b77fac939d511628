import type { Clock } from './clock.js'

/** Runs a task once at the end of the current tick, even if it is scheduled several times, and reads the clock once. */
export class TickTask {
  readonly #clock: Clock
  readonly #run: () => void
  #isDue = false
  #now: number | undefined

  constructor(clock: Clock, task: () => void) {
    this.#clock = clock
    this.#run = () => {
      this.#isDue = false
      this.#now = undefined
      task()
    }
  }

  /** Clock time of this tick. Reading it schedules the task, so that the next tick reads the clock again. */
  get now(): number {
    if (this.#now === undefined) {
      this.#now = this.#clock.now()
      this.schedule()
    }
    return this.#now
  }

  schedule(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#clock.defer(this.#run)
  }
}
