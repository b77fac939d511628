import type { Chance } from '../simulation/chance.js'
import { fakeSignal, realSignal, type TriedSignal } from './signals.js'
import { throwUserFault } from './user-fault.js'
import { anyUnsendable } from './values.js'

/** Options of a call, for `with`. */
export interface TriedOptions {
  readonly title: string
  readonly given: unknown
  /** The retry options among them; undefined when the options are wrong. */
  readonly right: RightOptions | undefined
  readonly afterCall?: () => void
  readonly signal?: AbortSignal
}

export interface RightOptions {
  readonly retry?: 'never' | 'read' | 'idempotent' | 'convergent' | 'always'
  readonly maxAttempts?: number
}

const retries = ['never', 'read', 'idempotent', 'convergent', 'always'] as const

/**
 * Correct options.
 * @param isRough connections get lost. The stall rule waits for the longest time limit in flight: then none is without end
 */
export function rightOptions(chance: Chance, isRough: boolean): TriedOptions {
  const options: Record<string, unknown> = {}
  const right: { -readonly [K in keyof RightOptions]: RightOptions[K] } = {}
  if (chance.happens(0.4)) {
    right.retry = chance.pick(retries)
    options.retry = right.retry
  }
  if (chance.happens(0.3)) {
    right.maxAttempts = chance.pick([1, 2, 5])
    options.maxAttempts = right.maxAttempts
  }
  if (chance.happens(0.4))
    options.timeout = chance.pick([0, 0.1, 1, 2, 5, 20, 500, isRough ? 0 : 2_147_483_647, undefined])
  if (chance.happens(0.2)) options.buffers = chance.happens(0.5)
  if (chance.happens(0.2)) options.maps = chance.pick(['map', 'object'])
  if (chance.happens(0.2)) options.sets = chance.pick(['set', 'array'])
  const signal = chance.happens(0.3) ? realSignal(chance) : undefined
  if (signal !== undefined) options.signal = signal.given
  const words = Object.entries(options).map(([name, value]) => (name === 'signal' ? signal?.title : `${name} ${value}`))
  return { title: words.join(', ') || 'no options', given: options, right, ...rest(signal) }
}

const rest = (signal: TriedSignal | undefined): Pick<TriedOptions, 'afterCall' | 'signal'> => ({
  ...(signal?.afterCall === undefined ? {} : { afterCall: signal.afterCall }),
  ...(signal?.signal === undefined ? {} : { signal: signal.signal }),
})

/** A getter that returns one value at first and another later. */
function shifting(chance: Chance, first: unknown, then: () => unknown): () => unknown {
  let left = chance.between(0, 3)
  return () => {
    left -= 1
    return left >= 0 ? first : then()
  }
}

const wrong: readonly ((chance: Chance) => TriedOptions)[] = [
  (chance) => {
    const value = chance.pick([-1, Number.NaN, Infinity, 2 ** 31, '5', null, Symbol('x'), 1n, {}, [], () => 5, true])
    return { title: `timeout of type ${typeof value}`, given: { timeout: value }, right: undefined }
  },
  (chance) => {
    const name = chance.pick(['retry', 'maxAttempts', 'buffers', 'maps', 'sets', 'signal'])
    const { title, given } = anyUnsendable(chance, 'x')
    return { title: `${name}: ${title}`, given: { [name]: given }, right: undefined }
  },
  (chance) => {
    const name = chance.pick(['timeout', 'retry', 'maxAttempts', 'buffers', 'signal'])
    const given = Object.defineProperty({}, name, { enumerable: true, get: throwUserFault })
    return { title: `a getter of ${name} that throws`, given, right: undefined }
  },
  (chance) => {
    const [name, good] = chance.pick([
      ['timeout', 50],
      ['retry', 'never'],
      ['maxAttempts', 1],
      ['maps', 'map'],
      ['signal', undefined],
    ] as const)
    const bad = chance.pick<() => unknown>([() => Symbol('x'), () => -1, () => null, throwUserFault, () => ({})])
    const given = Object.defineProperty({}, name, { enumerable: true, get: shifting(chance, good, bad) })
    return { title: `a getter of ${name} that gives another value later`, given, right: undefined }
  },
  (chance) => {
    const names = ['tiemout', 'url', '__proto__', 'constructor', 'toString', 'once', '']
    const given = JSON.parse(`{"${chance.pick(names)}": 1}`)
    return { title: 'an unknown option', given, right: undefined }
  },
  (chance) => {
    const { title, given } = anyUnsendable(chance, 'x')
    return { title: `in place of options: ${title}`, given, right: undefined }
  },
  (chance) => {
    const signal = fakeSignal(chance)
    return { title: signal.title, given: { signal: signal.given }, right: undefined, ...rest(signal) }
  },
  (chance) => {
    const signal = fakeSignal(chance)
    return { title: signal.title, given: { signal: signal.given }, right: undefined, ...rest(signal) }
  },
]

export function wrongOptions(chance: Chance): TriedOptions {
  return chance.pick(wrong)(chance)
}
