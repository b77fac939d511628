import type { Clock } from './clock.js'

/** Runs a task once at the end of the current tick, even if it is scheduled several times. */
export class TickTask {
  readonly #clock: Clock
  readonly #run: () => void
  #isDue = false

  constructor(clock: Clock, task: () => void) {
    this.#clock = clock
    this.#run = () => {
      this.#isDue = false
      task()
    }
  }

  schedule(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#clock.defer(this.#run)
  }
}
