import { script } from '../../../src/index.js'
import type { Effect } from '../effects.js'
import { invoke } from '../invoke.js'
import { rightOptions } from '../options.js'
import { anyValue } from '../values.js'
import type { CallMaker } from '../world.js'
import { actsOf, most, viewOf } from './writes.js'

const setting = script('redis.call("SET", KEYS[1], ARGV[1]) return ARGV[2]')

/** Also of a revoked Proxy, which nothing can be asked. */
const mayBeTakenApart = (given: unknown): boolean => typeof given === 'object' && !ArrayBuffer.isView(given)

/** A script that stores any value and returns the token. */
export const runScript: CallMaker = (world, chance, token) => {
  const options = chance.happens(0.6) ? undefined : rightOptions(chance, world.isRough)
  const value = anyValue(chance, token)
  const key = `string:${token}`
  const effect: Effect = { key: world.keyPrefix + key, kind: 'string', bytes: value.bytes, most: 1 }
  // With eval, an array stands for its elements, so the script would set another argument.
  const isRun = mayBeTakenApart(value.given) || chance.happens(0.7)
  return {
    title: `with(${options?.title}).${isRun ? 'run' : 'eval'}(script, ['${key}'], [${value.title}, '${token}'])`,
    command: isRun ? 'EVALSHA' : 'EVAL',
    start: () => {
      const view = viewOf(world, options)
      return isRun
        ? invoke(view, 'run', setting, [key], [value.given, token])
        : invoke(view, 'eval', setting.source, 1, key, value.given, token)
    },
    ...actsOf(value, options),
    effects: [effect],
    judge: (outcome) =>
      outcome.kind === 'resolved' && String(outcome.value) !== token ? `got the reply ${outcome.value}` : undefined,
  }
}

const prefixes = [
  'BUSY',
  'LOADING',
  'READONLY',
  'MASTERDOWN',
  'TRYAGAIN',
  'CLUSTERDOWN',
  'NOSCRIPT',
  'ERR',
  'EXECABORT',
]

/** A script that writes and then returns an error with any prefix. */
export const failingScript: CallMaker = (world, chance, token) => {
  const retry = chance.pick(['never', 'idempotent', 'always'] as const)
  const maxAttempts = chance.pick([1, 2, 3])
  const options = { title: `${retry}, ${maxAttempts}`, given: { retry, maxAttempts }, right: { retry, maxAttempts } }
  const prefix = chance.pick(prefixes)
  const source = `redis.call('INCR', KEYS[1]) return redis.error_reply('${prefix} No matching script. x')`
  const key = `count:${token}`
  const effect: Effect = {
    key: world.keyPrefix + key,
    kind: 'counter',
    bytes: undefined,
    most: most('counter', world, options.right),
  }
  const isRun = chance.happens(0.5)
  return {
    title: `with(${options.title}).${isRun ? 'run' : 'eval'}("${source}")`,
    start: () => {
      const view = viewOf(world, options)
      return isRun ? invoke(view, 'run', script(source), [key]) : invoke(view, 'eval', source, 1, key)
    },
    effects: [effect],
    // A script that was refused may have written before.
    told: (outcome) => {
      const fate = outcome.kind === 'resolved' ? undefined : (outcome.error as { fate?: string }).fate
      return fate === 'refused' ? 'nothing' : ((fate ?? 'not-executed') as 'not-executed')
    },
  }
}
