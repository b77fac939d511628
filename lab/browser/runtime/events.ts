import { EventEmitter } from 'events/events.js'

export { EventEmitter }

interface Added {
  readonly listener: unknown
  readonly isOnce: boolean
}

/** Browsers don't list the listeners of a signal: they are counted as they come and go. */
const abortListeners = new WeakMap<AbortSignal, Added[]>()
const { addEventListener, removeEventListener } = AbortSignal.prototype

AbortSignal.prototype.addEventListener = function (this: AbortSignal, ...args: Parameters<typeof addEventListener>) {
  const [, listener, options] = args
  const isOnce = typeof options === 'object' && options.once === true
  abortListeners.set(this, [...(abortListeners.get(this) ?? []), { listener, isOnce }])
  addEventListener.apply(this, args)
}

AbortSignal.prototype.removeEventListener = function (this: AbortSignal, ...args: Parameters<typeof addEventListener>) {
  const [, listener] = args
  const others = (abortListeners.get(this) ?? []).filter((each) => each.listener !== listener)
  abortListeners.set(this, others)
  removeEventListener.apply(this, args)
}

/** Listeners of `abort`. Those that listen once are gone when the signal has aborted. */
export const getEventListeners = (signal: AbortSignal): unknown[] =>
  (abortListeners.get(signal) ?? []).filter(({ isOnce }) => !(isOnce && signal.aborted))
