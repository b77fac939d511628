import type { Chance } from '../simulation/chance.js'
import { throwUserFault, UserFault } from './user-fault.js'

/** A signal, and what its owner does with it after the call. */
export interface TriedSignal {
  readonly title: string
  readonly given: unknown
  readonly afterCall?: () => void
  /** To check at the end that no listeners are left. */
  readonly signal?: AbortSignal
}

/** A real signal, aborted at a random time or never. */
export function realSignal(chance: Chance): TriedSignal {
  const controller = new AbortController()
  const abort = (): void => controller.abort(chance.happens(0.5) ? new UserFault('reason') : undefined)
  const isJoined = chance.happens(0.2)
  const signal = isJoined ? AbortSignal.any([controller.signal, new AbortController().signal]) : controller.signal
  const what = isJoined ? 'AbortSignal.any' : 'signal'
  switch (chance.between(0, 5)) {
    case 0:
      abort()
      return { title: `${what} aborted before`, given: signal, signal }
    case 1:
      return { title: `${what} aborted in the same tick`, given: signal, signal, afterCall: abort }
    case 2:
      return { title: `${what} aborted in a microtask`, given: signal, signal, afterCall: () => queueMicrotask(abort) }
    case 3:
      return { title: `${what} aborted in the next turn`, given: signal, signal, afterCall: () => setImmediate(abort) }
    case 4:
      return { title: `AbortSignal.timeout`, given: AbortSignal.timeout(chance.between(0, 5)) }
    default:
      return { title: `${what} never aborted`, given: signal, signal }
  }
}

type Listener = (event?: unknown) => void

/** Calls a listener as an EventTarget does: an error that it throws becomes an uncaught exception. */
function dispatch(listener: Listener): void {
  try {
    listener()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

/** Objects that look like signals, more or less. */
const fakes: readonly ((chance: Chance) => TriedSignal)[] = [
  () => ({ title: 'a signal without removeEventListener', given: { aborted: false, addEventListener() {} } }),
  () => ({
    title: 'a signal whose addEventListener throws',
    given: { aborted: false, addEventListener: throwUserFault, removeEventListener() {} },
  }),
  () => ({
    title: 'a signal whose removeEventListener throws',
    given: { aborted: false, addEventListener() {}, removeEventListener: throwUserFault },
  }),
  () => ({
    title: 'a signal that calls its listener at once',
    given: {
      aborted: false,
      addEventListener: (_: string, listener: Listener) => listener(),
      removeEventListener() {},
    },
  }),
  (chance) => {
    const listeners: Listener[] = []
    const given = {
      aborted: false,
      addEventListener: (_: string, listener: Listener) => listeners.push(listener),
      removeEventListener() {},
    }
    const fire = (): void => {
      for (const listener of [...listeners, ...listeners]) dispatch(listener)
    }
    const afterCall = chance.happens(0.5) ? fire : () => setImmediate(fire)
    return { title: 'a signal that calls its listeners twice, and keeps them', given, afterCall }
  },
  (chance) => {
    let listener: Listener = () => {}
    const given = {
      aborted: false,
      get reason() {
        return throwUserFault()
      },
      addEventListener: (_: string, given: Listener) => {
        listener = given
      },
      removeEventListener() {},
    }
    const fire = (): void => dispatch(listener)
    const afterCall = chance.happens(0.5) ? fire : () => setImmediate(fire)
    return { title: 'a signal whose reason throws', given, afterCall }
  },
  (chance) => {
    const good = chance.between(0, 3)
    let reads = 0
    const given = {
      get aborted() {
        reads += 1
        return reads > good ? throwUserFault() : false
      },
      addEventListener() {},
      removeEventListener() {},
    }
    return { title: `a signal whose aborted throws after ${good} reads`, given }
  },
  () => ({ title: 'a Proxy of a real signal', given: new Proxy(new AbortController().signal, {}) }),
  () => ({ title: 'Object.create of a real signal', given: Object.create(new AbortController().signal) }),
  () => ({ title: 'an EventTarget', given: new EventTarget() }),
  () => ({ title: 'an AbortController', given: new AbortController() }),
  () => ({
    title: 'a signal whose aborted is a word',
    given: { aborted: 'no', addEventListener() {}, removeEventListener() {} },
  }),
  () => ({ title: 'null for a signal', given: null }),
  () => ({ title: 'text for a signal', given: 'signal' }),
]

export function fakeSignal(chance: Chance): TriedSignal {
  return chance.pick(fakes)(chance)
}
