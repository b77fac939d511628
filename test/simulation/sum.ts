import { wrongsOfTally } from './named-kinds.js'
import type { Outcome } from './simulate.js'
import { Tally } from './tally.js'

/** What all seeds came to. */
export class Sum {
  #calls = 0
  #resolved = 0
  #executions = 0
  #connections = 0
  readonly #fates: Record<string, number> = {}
  readonly #tally = new Tally()

  add(outcome: Outcome): void {
    this.#calls += outcome.calls
    this.#resolved += outcome.resolved
    this.#executions += outcome.executions
    this.#connections += outcome.connections
    for (const [fate, n] of Object.entries(outcome.fates)) this.#fates[fate] = (this.#fates[fate] ?? 0) + n
    this.#tally.add(outcome.tally)
  }

  /** What is wrong with how often each kind of call, fault, verdict and invariant occurred. */
  wrongs(seeds: number): string[] {
    return [...wrongsOfTally(this.#tally, seeds)]
  }

  print(): void {
    console.log(`\n${this.#tally.lines().join('\n')}\n`)
    console.log(`${this.#calls} calls over ${this.#connections} connections; the server ran ${this.#executions}`)
    console.log(`${this.#resolved} resolved; rejected ${JSON.stringify(this.#fates)}`)
  }
}
