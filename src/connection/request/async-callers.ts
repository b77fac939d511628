/**
 * On V8, the stack of an error of a command shows the async functions that await the command.
 *
 * V8 finds these functions when it captures a stack inside the reaction of a promise: from there it follows the promises that
 * wait for one another. A reply arrives outside of any reaction. So a rejection, and only that, makes one: its promise is
 * followed by the promise of the caller, while that is pending. What settles after it in the same tick waits for it, so that
 * callers are told in the order of the replies.
 */

let waiting = 0

/** Resolves the promise of a caller. */
export function resolveInOrder(resolve: (value: unknown) => void, value: unknown): void {
  if (waiting === 0) resolve(value)
  else reaction(() => resolve(value))
}

/**
 * Rejects the promise of a caller, with an error whose stack shows the async functions that await it, instead of those that
 * received the reply.
 *
 * @param resolve the function of the promise itself: V8 recognizes it. It is not called
 */
export function rejectWithCallers(
  resolve: (value: unknown) => void,
  reject: (error: unknown) => void,
  error: Error,
): void {
  reaction((top) => {
    try {
      // JavaScriptCore finds no async functions this way, and would leave the stack empty.
      if (!('Bun' in globalThis)) Error.captureStackTrace(error, top)
    } catch {
      // A replacement of this function, or an error that can't be changed: its stack stays as it is.
    }
    reject(error)
  }).then(resolve)
}

const ready = /* @__PURE__ */ Promise.resolve()
const none = (): void => {}

function reaction(settle: (top: () => void) => void): Promise<never> {
  waiting += 1
  const top = (): Promise<never> => {
    waiting -= 1
    settle(top)
    // Never settled, so that `resolve` is never called.
    return new Promise(none)
  }
  // Two steps: a promise that an async function returns is followed after the first.
  return ready.then(none).then(top)
}
