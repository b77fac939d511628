import { inRootContext } from './root-context.js'

/**
 * Calls a function that the user gave, such as an event listener, in a microtask of its own, outside the caller's asynchronous
 * context.
 *
 * This is the rule against re-entrancy: a listener may call anything, even `destroy`, so it never runs in the middle of
 * this package's own code, and no code has to check what a listener may have done meanwhile.
 *
 * - Calls keep their order. A listener runs before the reactions to promises that are settled after `notify`.
 * - If the function throws, nothing else is affected: its error is raised as an uncaught exception.
 * - `onMessage` is called by {@link callNow} instead, because a microtask for each message would be slow.
 * - `reconnect` and `credentials` return something that is needed. `credentials` runs in a microtask too, because its
 *   result is awaited. `Supervisor` calls `reconnect`, as the last thing that it does, and checks its status afterwards.
 */
export function notify<Args extends readonly unknown[]>(listener: (...args: Args) => unknown, ...args: Args): void {
  inRootContext(() =>
    queueMicrotask(() => {
      listener(...args)
    }),
  )
}

/** Calls a function that the user gave at once, where it is safe that it calls the client. */
export function callNow<Value>(listener: (value: Value) => unknown, value: Value): void {
  try {
    listener(value)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
