import { ReplyError, TransactionError, type UsageError } from '../../../src/index.js'
import type { Outcome, Told } from '../call.js'
import type { Effect } from '../effects.js'
import { invoke } from '../invoke.js'
import { rightOptions } from '../options.js'
import { anySendable, anyValue, type Value } from '../values.js'
import type { CallMaker } from '../world.js'
import { anyArgument } from './anything.js'
import { most, viewOf } from './writes.js'

/** One command of a transaction. */
interface Step {
  readonly title: string
  add(transaction: object): unknown
  readonly effect?: Effect
  readonly value?: Value
  /** What its result must be. */
  readonly result?: unknown
}

/** MULTI with right and wrong commands in any order: all commands run, or none. */
export const transaction: CallMaker = (world, chance, token) => {
  const options = chance.happens(0.7) ? undefined : rightOptions(chance, world.isRough)
  const steps = Array.from({ length: chance.skewed(1, 8) }, (_, index): Step => {
    const own = `${token}:${index}`
    const kind = chance.fraction()
    if (kind < 0.2) return { title: `echo('${own}')`, add: (t) => invoke(t, 'echo', own), result: own }
    if (kind < 0.3)
      return { title: "lpush('known:1', 'x'), of the wrong type", add: (t) => invoke(t, 'lpush', 'known:1', 'x') }
    if (kind < 0.33) return { title: "call('GET'), too short", add: (t) => invoke(t, 'call', 'GET') }
    if (kind < 0.45) {
      const first = anyArgument(chance, own)
      return {
        title: `call(${first.title})`,
        add: (t) => invoke(t, 'call', chance.happens(0.5) ? 'GET' : first.given, first.given),
      }
    }
    if (kind < 0.6) {
      const key = `count:${own}`
      const effect: Effect = {
        key: world.keyPrefix + key,
        kind: 'counter',
        bytes: undefined,
        most: most('counter', world, options?.right),
      }
      return { title: `incr('${key}')`, add: (t) => invoke(t, 'incr', key), effect }
    }
    const value = chance.happens(0.6) ? anySendable(chance, own) : anyValue(chance, own)
    const key = `string:${own}`
    const effect: Effect = { key: world.keyPrefix + key, kind: 'string', bytes: value.bytes, most: 1 }
    return { title: `set('${key}', ${value.title})`, add: (t) => invoke(t, 'set', key, value.given), effect, value }
  })
  const accepted: Step[] = []
  const isExecutedTwice = chance.happens(0.05)
  let later: UsageError | undefined

  const start = async (): Promise<unknown> => {
    const transaction = viewOf(world, options).multi()
    for (const step of steps) {
      step.add(transaction)
      accepted.push(step)
    }
    const result = invoke(transaction, 'exec')
    if (isExecutedTwice) (invoke(transaction, 'exec') as Promise<unknown>).catch((error) => (later = error))
    return result
  }
  return {
    title: `with(${options?.title}).multi().${steps.map(({ title }) => title).join('.')}.exec()`,
    command: 'MULTI',
    start,
    afterCall: () => {
      for (const { value } of steps) value?.afterCall?.()
      options?.afterCall?.()
    },
    afterSettled: () => {
      for (const { value } of steps) value?.afterSettled?.()
    },
    secret: token,
    effects: steps.flatMap(({ effect }) => effect ?? []),
    told: (outcome, effect) => toldOf(outcome, accepted, effect),
    judge: (outcome) => {
      if (isExecutedTwice && accepted.length > 0 && later === undefined) return 'a second exec() was not refused'
      return outcome.kind === 'resolved' ? judgeResults(outcome.value, accepted) : undefined
    },
  }
}

function toldOf(outcome: Outcome, accepted: readonly Step[], effect: Effect): Told {
  const index = accepted.findIndex((step) => step.effect === effect)
  if (index === -1) return 'not-executed'
  if (outcome.kind === 'resolved') return 'ran'
  const { error } = outcome
  if (error instanceof TransactionError && error.fate === 'executed') {
    return error.results[index] instanceof ReplyError ? 'refused' : 'ran'
  }
  return (error as { fate?: Told }).fate ?? 'not-executed'
}

function judgeResults(results: unknown, accepted: readonly Step[]): string | undefined {
  if (!Array.isArray(results) || results.length !== accepted.length)
    return `${accepted.length} results, not ${String(results)}`
  const index = accepted.findIndex(({ result }, i) => result !== undefined && text(results[i]) !== result)
  return index === -1 ? undefined : `result ${index}: expected ${accepted[index]?.result}, got ${text(results[index])}`
}

const text = (value: unknown): string => (value instanceof Uint8Array ? Buffer.from(value).toString() : String(value))
