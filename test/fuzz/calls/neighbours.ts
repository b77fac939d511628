import { RespiteError, UsageError } from '../../../src/index.js'
import type { Call, Outcome } from '../call.js'
import { inWords } from '../in-words.js'
import { type CallMaker, knownKey, knownKeys, type World } from '../world.js'

/** Correct commands: each must get its own reply, whatever happens to the calls around it. */
const makers: readonly CallMaker[] = [
  ({ client }, _, token) => ({
    title: `echo('${token}')`,
    command: 'ECHO',
    start: () => client.echo(token),
    judge: is(token),
  }),
  ({ client }, chance) => {
    const index = chance.between(0, knownKeys.length - 1)
    return {
      title: `get('${knownKey(index)}')`,
      command: 'GET',
      start: () => client.get(knownKey(index)),
      judge: is(knownKeys[index]),
    }
  },
  ({ client }, chance, token) => {
    const index = chance.between(0, knownKeys.length - 1)
    return {
      title: `mget('absent:${token}', '${knownKey(index)}')`,
      command: 'MGET',
      start: () => client.mget(`absent:${token}`, knownKey(index)),
      judge: is([null, knownKeys[index]]),
    }
  },
  ({ client }, _, token) => ({
    title: `multi().echo('${token}').ping().exec()`,
    command: 'MULTI',
    start: () => client.multi().echo(token).ping().exec(),
    judge: is([token, 'PONG']),
  }),
]

export const neighbour: CallMaker = (world, chance, token) => {
  const call = chance.pick(makers)(world, chance, token)
  return { ...call, judge: tolerant(world, call) }
}

const is =
  (wanted: unknown) =>
  (outcome: Outcome): string | undefined => {
    if (outcome.kind !== 'resolved') return undefined
    const [expected, got] = [inWords(wanted), inWords(outcome.value)]
    return got === expected ? undefined : `expected ${expected.slice(0, 80)}, got ${got.slice(0, 80)}`
  }

/** In a rough round it may be rejected, but not with a UsageError. */
function tolerant({ isRough }: World, { judge }: Call) {
  return (outcome: Outcome): string | undefined => {
    if (outcome.kind === 'resolved') return judge?.(outcome)
    const { error } = outcome
    const isExcused = isRough && error instanceof RespiteError && !(error instanceof UsageError)
    return isExcused ? undefined : `a well-formed neighbour was rejected: ${error}`
  }
}
