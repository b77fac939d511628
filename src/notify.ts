import { inRootContext } from './root-context.js'

/**
 * Calls a function of the user, such as an event listener, in a separate microtask, outside the caller's asynchronous context.
 *
 * This is the rule against re-entrancy. A listener may call anything, even `destroy`, so it never runs in the middle of this
 * package's own code. Thus no code has to check what a listener may have done in the meantime.
 *
 * - Calls keep their order. A listener runs before the reactions to promises that are settled after `notify`.
 * - If the function throws, its error is raised as an uncaught exception, and nothing else is affected.
 * - `onMessage` is called by {@link callNow} instead, because a microtask for each message would be slow.
 * - `reconnect`, `credentials` and `lookup` are not called through `notify`, because their results are needed. `credentials` and
 *   `lookup` run in a microtask too. `Supervisor` calls `reconnect` as its last step, and then checks its own status.
 */
export function notify<Args extends readonly unknown[]>(listener: (...args: Args) => unknown, ...args: Args): void {
  inRootContext(() =>
    queueMicrotask(() => {
      listener(...args)
    }),
  )
}

/** Calls the listeners of an event. The emitter's own method calls them synchronously, and throws if 'error' has no listener. */
export function notifyAll<Args extends readonly unknown[]>(
  emitter: { rawListeners(name: string): unknown[] },
  name: string,
  ...args: Args
): void {
  for (const listener of emitter.rawListeners(name) as ((...args: Args) => unknown)[]) notify(listener, ...args)
}

/** Calls a function of the user immediately. Use this only where it is safe for that function to call the client. */
export function callNow<Value>(listener: (value: Value) => unknown, value: Value): void {
  try {
    listener(value)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
