/**
 * On V8, the stack of an error of a command shows the async functions that await the command.
 *
 * V8 finds these functions when it captures a stack inside a promise reaction (a callback of `then`). It starts at the
 * promise that `then` returned, and follows the promises that wait for one another. A reply does not arrive inside a
 * promise reaction. So this module creates a reaction for each rejection, and only for rejections. The caller's promise
 * is linked to the promise of the reaction: its `resolve` function is passed to `then` of that promise. Promises that are
 * settled later in the same tick wait for the rejection, so that callers get their results in the order of the replies.
 */

let waiting = 0

/** Resolves the promise of a caller. */
export function resolveInOrder(resolve: (value: unknown) => void, value: unknown): void {
  if (waiting === 0) resolve(value)
  else reaction(() => resolve(value))
}

/**
 * Rejects the promise of a caller. The stack of the error shows the async functions that await the promise, instead of
 * the functions that received the reply.
 *
 * @param resolve the promise's own resolve function, which V8 recognizes. It is not called
 */
export function rejectWithCallers(
  resolve: (value: unknown) => void,
  reject: (error: unknown) => void,
  error: Error,
): void {
  reaction((top) => {
    try {
      // JavaScriptCore does not find async functions in this way, and would leave the stack empty.
      if (!('Bun' in globalThis)) Error.captureStackTrace(error, top)
    } catch {
      // The stack stays unchanged if somebody has replaced this function, or if the error can't be changed.
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
    // This promise is never settled, so `resolve` is never called.
    return new Promise(none)
  }
  // Two steps are needed, because a promise that an async function returns is linked to that function's promise only
  // after the first.
  return ready.then(none).then(top)
}
