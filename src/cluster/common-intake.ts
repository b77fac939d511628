import type { Counters } from '../connection/request/counters.js'
import { Intake } from '../connection/request/intake.js'
import type { Rejection, Request } from '../connection/request/request.js'
import type { Clock } from '../connection/timing/clock.js'
import { TickTask } from '../connection/timing/tick-task.js'

/** The intake that all nodes share, because requests move from one node to another. It does not stop with one of the nodes. */
export class CommonIntake extends Intake {
  readonly #clock: Clock
  readonly #tick: TickTask
  #lastCall = 0

  constructor(clock: Clock, counters: Counters, whyOffline?: () => Error | undefined) {
    super(clock, counters, giveUp, whyOffline)
    this.#clock = clock
    this.#tick = new TickTask(clock, () => {})
  }

  /**
   * Watches a request, and notes the time of its call. Each is later than the previous one, so that it also gives the order of the
   * calls. A time limit counts from the call, not from the start of a tick in which other code may have run for long.
   */
  watchNew(request: Request, signal: AbortSignal | undefined): void {
    this.#lastCall = Math.max(request.timeout ? this.#clock.now() : this.#tick.now, this.#lastCall + 1e-4)
    this.watch(request, signal, this.#lastCall)
  }

  override stop(): void {}

  /** Stops the timer. */
  end(): void {
    super.stop()
  }
}

/** Rejects a request whose caller no longer waits. */
function giveUp(request: Request, rejection: Rejection): void {
  const { queue } = request
  if (request.state === 'sent') request.abandon(rejection)
  else request.fail('not-executed', rejection)
  queue?.withdrawn(request)
}
