import type { ScopedClient } from '../../../src/index.js'
import type { Chance } from '../../simulation/chance.js'
import type { Call } from '../call.js'
import type { Effect } from '../effects.js'
import { invoke } from '../invoke.js'
import { type RightOptions, rightOptions, type TriedOptions, wrongOptions } from '../options.js'
import { anyValue, detachedInMidFrame, hugeValue, type Value } from '../values.js'
import type { CallMaker, World } from '../world.js'

/** How often an effect may happen: once, unless the retry policy lets the client repeat it. */
export function most(kind: Effect['kind'], { options }: World, own: RightOptions | undefined): number {
  // Setting a string twice leaves the same value: it can't be counted.
  if (kind === 'string') return 1
  const { retry, maxAttempts } = { ...options, ...own }
  return retry === 'always' ? maxAttempts : 1
}

type Write = (view: ScopedClient, key: string, value: unknown) => unknown

/** All ways to write one value to one key. */
const writes: readonly (readonly [title: string, command: string, kind: Effect['kind'], start: Write])[] = [
  ['set(key, value)', 'SET', 'string', (view, key, value) => invoke(view, 'set', key, value)],
  ["set(key, value, 'EX', 100)", 'SET', 'string', (view, key, value) => invoke(view, 'set', key, value, 'EX', 100)],
  ["call('SET', key, value)", 'SET', 'string', (view, key, value) => invoke(view, 'call', 'SET', key, value)],
  ['setex(key, 100, value)', 'SETEX', 'string', (view, key, value) => invoke(view, 'setex', key, 100, value)],
  ['mset({ key: value })', 'MSET', 'string', (view, key, value) => invoke(view, 'mset', { [key]: value })],
  ["call('RPUSH', key, value)", 'RPUSH', 'list', (view, key, value) => invoke(view, 'call', 'RPUSH', key, value)],
  ['rpush(key, value)', 'RPUSH', 'list', (view, key, value) => invoke(view, 'rpush', key, value)],
]

/** Writes any value, with any options. */
export const write: CallMaker = (world, chance, token) => {
  const value = anyValue(chance, token)
  const options = chance.happens(0.5)
    ? undefined
    : chance.happens(0.6)
      ? rightOptions(chance, world.isRough)
      : wrongOptions(chance)
  return makeWrite(world, chance, token, value, options)
}

/** Writes a value that takes many turns of the event loop; in between, the call times out or the bytes are detached. */
export const largeWrite: CallMaker = (world, chance, token) => {
  const isDetached = world.isRough && chance.happens(0.4)
  const value = isDetached ? detachedInMidFrame(chance, token) : hugeValue(chance, token)
  const timeout = chance.pick([1, 2, 3, 5, 10])
  const given = { timeout, retry: chance.pick(['never', 'always'] as const) }
  const options = { title: `timeout ${timeout}`, given, right: { retry: given.retry } }
  return makeWrite(world, chance, token, value, options)
}

/** Increments a counter, which shows how often the command ran. */
export const increment: CallMaker = (world, chance, token) => {
  const options = chance.happens(0.7) ? rightOptions(chance, world.isRough) : wrongOptions(chance)
  const key = `count:${token}`
  const effect: Effect = {
    key: world.keyPrefix + key,
    kind: 'counter',
    bytes: undefined,
    most: most('counter', world, options.right),
  }
  return {
    title: `with(${options.title}).incr('${key}')`,
    command: 'INCR',
    mayThrow: 'wrong options',
    start: () => viewOf(world, options).incr(key),
    ...actsOf(undefined, options),
    effects: [effect],
    judge: (outcome) =>
      outcome.kind === 'resolved' && !(typeof outcome.value === 'number' && outcome.value <= effect.most)
        ? `resolved to ${String(outcome.value)}`
        : undefined,
  }
}

function makeWrite(world: World, chance: Chance, token: string, value: Value, options: TriedOptions | undefined): Call {
  // Where a command takes several values, an array stands for its elements.
  const choices = value.isArray === true ? writes.filter(([, , kind]) => kind === 'string') : writes
  const [title, command, kind, start] = chance.pick(choices)
  const key = `${kind}:${token}`
  const effect: Effect = {
    key: world.keyPrefix + key,
    kind,
    bytes: value.bytes,
    most: most(kind, world, options?.right),
  }
  return {
    title: `${options === undefined ? '' : `with(${options.title}).`}${title}, value: ${value.title}`,
    command,
    ...(options === undefined ? {} : { mayThrow: 'wrong options' }),
    secret: token,
    start: () => start(viewOf(world, options), key, value.given),
    ...actsOf(value, options),
    effects: [effect],
    judge: (outcome) => {
      if (outcome.kind === 'resolved' && value.bytes === undefined) return 'resolved, and must have been refused'
      const isRight = options === undefined && value.bytes !== undefined && value.mayBeRefused !== true
      if (isRight && outcome.kind !== 'resolved' && !world.isRough) return `a right call was rejected: ${outcome.error}`
      return undefined
    },
  }
}

export function viewOf(world: World, options: TriedOptions | undefined): ScopedClient {
  if (options === undefined) return world.client
  if (options.signal !== undefined) world.signals.push(options.signal)
  return invoke(world.client, 'with', options.given) as ScopedClient
}

/** What the caller does to its value and its signal after the call. */
export function actsOf(
  value: Value | undefined,
  options: TriedOptions | undefined,
): Pick<Call, 'afterCall' | 'afterSettled'> {
  return {
    afterCall: () => {
      value?.afterCall?.()
      options?.afterCall?.()
    },
    afterSettled: () => value?.afterSettled?.(),
  }
}
