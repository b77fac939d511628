import type { Clock } from './clock.js'

/** Runs one task at the end of the current tick, however often it is scheduled, and reads the clock once a tick. */
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

  /** Clock time of this tick. It schedules the task, whose end is that of the tick. */
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
