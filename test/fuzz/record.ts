import { AbortError, RespiteError, TimeoutError } from '../../src/index.js'
import type { Call, Outcome, Told } from './call.js'
import type { Effect } from './effects.js'
import { falsehood, type Seen } from './effects.js'
import type { FindingKind } from './findings.js'
import { describe, judgeError } from './judge-error.js'

/** No call may compute for longer before it returns: everything else in the process waits meanwhile. */
const longestComputingMs = 2_000

/** One call that was made, and its outcome. */
export class Record {
  readonly index: number
  readonly call: Call
  /** How long the process computed before the call returned, in milliseconds. */
  #computedMs = 0
  /** Resolves when the call has settled; never rejects. */
  readonly settled: Promise<void>
  /** Undefined until it has settled. */
  outcome: Outcome | undefined
  /** What `outcome` of an AbortError or TimeoutError settled with. */
  late: Outcome | undefined

  constructor(index: number, call: Call) {
    this.index = index
    this.call = call
    this.settled = this.#run()
  }

  /** Yields everything that is wrong with its outcome. */
  *judge(): Generator<[FindingKind, string]> {
    const { outcome, call } = this
    if (this.#computedMs > longestComputingMs) yield ['slow', `it computed for ${this.#computedMs} ms`]
    if (outcome === undefined) return
    if (outcome.kind !== 'resolved') {
      const finding = judgeError(call, outcome.kind, outcome.error)
      if (finding !== undefined) yield finding
    }
    const wrong = call.judge?.(outcome)
    if (wrong !== undefined) yield ['wrong reply', wrong]
  }

  /** Compares its fate with what the server contains. @returns what is wrong; undefined when the fate is true */
  judgeFate(effect: Effect, seen: Seen): string | undefined {
    const { call, outcome, late } = this
    if (outcome === undefined) return falsehood('nothing', seen, effect)
    const told = call.told?.(outcome, effect) ?? toldBy(outcome)
    const lie = falsehood(told, seen, effect)
    if (lie !== undefined) return `${lie}${outcome.kind === 'resolved' ? '' : ` (${describe(outcome.error)})`}`
    if (late === undefined || call.told !== undefined) return undefined
    const later = falsehood(toldBy(late), seen, effect)
    return later === undefined ? undefined : `by its late outcome: ${later}`
  }

  async #run(): Promise<void> {
    const { call } = this
    let result: unknown
    const before = process.cpuUsage()
    try {
      result = call.start()
    } catch (error) {
      this.outcome = { kind: 'thrown', error }
      call.afterCall?.()
      return
    } finally {
      const { user, system } = process.cpuUsage(before)
      this.#computedMs = Math.round((user + system) / 1_000)
    }
    call.afterCall?.()
    this.outcome = await outcomeOf(result)
    call.afterSettled?.()
    const error = this.outcome.kind === 'resolved' ? undefined : this.outcome.error
    const isGivenUp = error instanceof AbortError || error instanceof TimeoutError
    if (isGivenUp && error.outcome !== undefined) {
      error.outcome.then(
        (value) => (this.late = { kind: 'resolved', value }),
        (error) => (this.late = { kind: 'rejected', error }),
      )
    }
  }
}

async function outcomeOf(result: unknown): Promise<Outcome> {
  try {
    return { kind: 'resolved', value: await result }
  } catch (error) {
    return { kind: 'rejected', error }
  }
}

/** What an outcome says. An error that is not a RespiteError must mean that nothing was sent. */
function toldBy(outcome: Outcome): Told {
  if (outcome.kind === 'resolved') return 'ran'
  return outcome.error instanceof RespiteError ? outcome.error.fate : 'not-executed'
}
