import type { Counters } from '../connection/request/counters.js'
import { Intake } from '../connection/request/intake.js'
import type { Rejection, Request } from '../connection/request/request.js'
import type { Clock } from '../connection/timing/clock.js'
import { TickTask } from '../connection/timing/tick-task.js'

/** The intake of all nodes, since requests move from one to another: it does not end with one of them. */
export class CommonIntake extends Intake {
  readonly #tick: TickTask
  #lastCall = 0

  constructor(clock: Clock, counters: Counters) {
    super(clock, counters, giveUp)
    this.#tick = new TickTask(clock, () => {})
  }

  /** The clock time of a call: each is later than the one before, so that it also says the order of the calls. */
  nextInstant(): number {
    this.#lastCall = Math.max(this.#tick.now, this.#lastCall + 1e-4)
    return this.#lastCall
  }

  override stop(): void {}

  /** Ends the timer. */
  end(): void {
    super.stop()
  }
}

/** Its caller no longer waits. */
function giveUp(request: Request, rejection: Rejection): void {
  if (request.state === 'sent') {
    request.abandon(rejection)
    return
  }
  const { queue } = request
  request.fail('not-executed', rejection)
  queue?.withdrawn(request)
}
