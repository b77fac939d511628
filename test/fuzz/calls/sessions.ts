import type { Session } from '../../../src/index.js'
import type { Chance } from '../../simulation/chance.js'
import { Chance as OwnChance } from '../../simulation/chance.js'
import type { Outcome, Told } from '../call.js'
import type { Effect } from '../effects.js'
import { inWords } from '../in-words.js'
import { invoke } from '../invoke.js'
import { UserFault } from '../user-fault.js'
import { anySendable, anyUnsendable } from '../values.js'
import type { CallMaker, World } from '../world.js'
import { anyArgument, methodsOf } from './anything.js'

/** Commands in this session that change how the server replies. */
interface Manner {
  hasBegunMulti: boolean
  hasSilenced: boolean
  hasWatched: boolean
}

interface Step {
  readonly title: string
  run(session: object, real: Session): unknown
  /** Its correct result, unless it is queued or not answered. */
  readonly result?: string
  readonly effect?: Effect
  /** It changes how the server replies. */
  readonly manner?: Partial<Manner>
}

/** A session with random commands, awaited or not, which ends in any state. */
export const session: CallMaker = (world, chance, token) => {
  const steps = Array.from({ length: chance.skewed(0, 8) }, (_, index) => anyStep(world, chance, `${token}:${index}`))
  const ending = chance.pick(['returns', 'returns', 'returns', 'throws', 'rejects'] as const)
  const isAwaited = steps.map(() => chance.happens(0.6))
  const told = new Map<Effect, Told>()
  const wrong: string[] = []
  const manner: Manner = { hasBegunMulti: false, hasSilenced: false, hasWatched: false }
  const leftBehind: Promise<unknown>[] = []

  const work = async (real: Session): Promise<string> => {
    for (const [index, step] of steps.entries()) {
      const settled = follow(step, real, { told, wrong, manner })
      if (isAwaited[index]) await settled
      else leftBehind.push(settled)
    }
    if (ending === 'throws') throw new UserFault('at the end of a session')
    return ending === 'rejects' ? Promise.reject(new UserFault('at the end of a session')) : token
  }
  return {
    title: `session(${steps.map(({ title }, i) => (isAwaited[i] ? `await ${title}` : title)).join('; ')}; ${ending})`,
    start: async () => {
      const result = await world.client.session(work).catch((error) => {
        if (error instanceof UserFault && ending !== 'returns') return token
        throw error
      })
      // Commands that the session did not await must settle, too.
      await Promise.all(leftBehind)
      return result
    },
    effects: steps.flatMap(({ effect }) => effect ?? []),
    told: (_: Outcome, effect: Effect) => told.get(effect) ?? 'nothing',
    judge: (outcome) => {
      if (wrong.length > 0) return wrong.join('; ')
      return outcome.kind === 'resolved' && outcome.value !== token ? `got ${outcome.value}` : undefined
    },
  }
}

/** Runs one step; resolves when it has settled and its outcome is noted. */
async function follow(
  step: Step,
  real: Session,
  notes: { readonly told: Map<Effect, Told>; readonly wrong: string[]; readonly manner: Manner },
): Promise<void> {
  const { told, wrong, manner } = notes
  Object.assign(manner, step.manner)
  try {
    const value = await step.run(real, real)
    // Null is also the result of a transaction when a watched key was changed.
    const isSilent = (value === null || value === undefined) && (manner.hasSilenced || manner.hasWatched)
    const isForLater = String(value) === 'QUEUED' && manner.hasBegunMulti
    if (step.effect !== undefined) told.set(step.effect, isSilent || isForLater ? 'nothing' : 'ran')
    if (step.result !== undefined && !isSilent && !isForLater && String(value) !== step.result) {
      wrong.push(`${step.title} got ${inWords(value)}`)
    }
  } catch (error) {
    if (step.effect !== undefined) told.set(step.effect, (error as { fate?: Told }).fate ?? 'not-executed')
  }
}

type StepMaker = (world: World, chance: Chance, token: string) => Step

const steps: readonly StepMaker[] = [
  (_, __, token) => ({ title: `echo('${token}')`, run: (s) => invoke(s, 'echo', token), result: token }),
  (_, __, token) => ({ title: `echo('${token}')`, run: (s) => invoke(s, 'echo', token), result: token }),
  ({ keyPrefix }, chance, token) => {
    const value = anySendable(chance, token)
    const effect: Effect = { key: `${keyPrefix}string:${token}`, kind: 'string', bytes: value.bytes, most: 1 }
    return {
      title: `set(${value.title})`,
      run: (s) => invoke(s, 'set', `string:${token}`, value.given),
      effect,
      result: 'OK',
    }
  },
  ({ keyPrefix }, chance, token) => {
    const value = anyUnsendable(chance, token)
    const effect: Effect = { key: `${keyPrefix}string:${token}`, kind: 'string', bytes: undefined, most: 0 }
    return { title: `set(${value.title})`, run: (s) => invoke(s, 'set', `string:${token}`, value.given), effect }
  },
  ({ keyPrefix }, _, token) => {
    const effect: Effect = { key: `${keyPrefix}count:${token}`, kind: 'counter', bytes: undefined, most: 1 }
    return { title: 'incr', run: (s) => invoke(s, 'incr', `count:${token}`), effect, result: '1' }
  },
  ({ keyPrefix }, _, token) => {
    const effect: Effect = { key: `${keyPrefix}count:${token}`, kind: 'counter', bytes: undefined, most: 1 }
    const run = (_: object, real: Session) => real.multi().incr(`count:${token}`).echo(token).exec()
    return { title: 'multi().incr().echo().exec()', run, effect, result: `1,${token}` }
  },
  () => ({ title: "watch('some:1')", run: (s) => invoke(s, 'watch', 'some:1'), manner: { hasWatched: true } }),
  () => ({ title: 'select(1)', run: (s) => invoke(s, 'select', 1) }),
  () => ({ title: "call('MULTI')", run: (s) => invoke(s, 'call', 'MULTI'), manner: { hasBegunMulti: true } }),
  () => ({ title: "call('EXEC')", run: (s) => invoke(s, 'call', 'EXEC') }),
  () => ({ title: "call('DISCARD')", run: (s) => invoke(s, 'call', 'DISCARD') }),
  () => ({ title: 'AUTH, wrong', run: (s) => invoke(s, 'call', 'AUTH', 'nobody', 'wrong') }),
  () => ({ title: 'RESET', run: (s) => invoke(s, 'call', 'RESET') }),
  (_, chance) => {
    const version = chance.pick([2, 3, 4, 'x'])
    return { title: `HELLO ${version}`, run: (s) => invoke(s, 'call', 'HELLO', version) }
  },
  () => ({ title: 'HELLO 3 AUTH, wrong', run: (s) => invoke(s, 'call', 'HELLO', 3, 'AUTH', 'nobody', 'wrong') }),
  (_, chance) => {
    const mode = chance.pick(['OFF', 'SKIP', 'ON', 'NO'])
    return {
      title: `CLIENT REPLY ${mode}`,
      run: (s) => invoke(s, 'call', 'CLIENT', 'REPLY', mode),
      manner: { hasSilenced: true },
    }
  },
  (_, chance, token) => {
    const { title, given } = anyUnsendable(chance, token)
    return { title: `blpop('nothing', ${title})`, run: (s) => invoke(s, 'blpop', 'nothing', given) }
  },
  (_, chance, token) => {
    const { title, given } = anyUnsendable(chance, token)
    return {
      title: `call('XREAD', 'BLOCK', ${title}, ...)`,
      run: (s) => invoke(s, 'call', 'XREAD', 'BLOCK', given, 'STREAMS', 'k', '0'),
    }
  },
  () => ({ title: "blpop('nothing', 0.01)", run: (s) => invoke(s, 'blpop', 'nothing', 0.01) }),
  () => ({
    title: "with({ timeout: 5 }).blpop('nothing', 0)",
    run: (_, real) => real.with({ timeout: 5 }).blpop('nothing', 0),
  }),
  () => ({ title: 'monitor({ maxBuffered: -1 })', run: (_, real) => real.monitor({ maxBuffered: -1 }).next() }),
  (_, chance, token) => {
    const first = anyArgument(chance, token)
    const second = anyArgument(chance, token)
    const own = new OwnChance(chance.between(0, 2 ** 30))
    const run = (s: object, real: Session): unknown => {
      const names = methodsOf(real).filter((name) => !notInSession.has(name) && !/^(b|xread|call)/.test(name))
      return invoke(s, own.pick(names), first.given, second.given)
    }
    return { title: `any method(${first.title}, ${second.title})`, run }
  },
]

/** Methods that only the library calls, or that other steps call. */
const notInSession = new Set([
  'asking',
  'auth',
  'discard',
  'exec',
  'finish',
  'hello',
  'monitor',
  'quit',
  'readonly',
  'readwrite',
  'reset',
  'select',
  'unwatch',
  'watch',
])

const anyStep: StepMaker = (world, chance, token) => chance.pick(steps)(world, chance, token)

/** `session` and `transaction` with something other than a function, or with a function that returns a wrong value. */
export const misusedSession: CallMaker = ({ client }, chance, token) => {
  const work = chance.pick<readonly [string, unknown]>([
    ['nothing', undefined],
    ['a function that throws', () => fail()],
    ['a function that gives an object', () => ({})],
    ['a function that gives null', async () => null],
    ['a thenable that never ends well', () => thenable],
    ['text', 'x'],
  ])
  const key = anyArgument(chance, token)
  const isSession = chance.happens(0.5)
  return {
    title: isSession ? `session(${work[0]})` : `transaction(${key.title}, ${work[0]})`,
    mayThrow: 'wrong options',
    start: () => (isSession ? invoke(client, 'session', work[1]) : invoke(client, 'transaction', key.given, work[1])),
  }
}

/** It throws when it is awaited. */
const thenable = Object.defineProperty({}, 'then', { value: () => fail() })

const fail = (): never => {
  throw new UserFault('in a session')
}
