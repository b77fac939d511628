import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Runs a function outside the asynchronous context of the caller, in the one in which this package was loaded.
 *
 * Connections, timers and events outlive a call, so they are started through this function. Otherwise the stores
 * (AsyncLocalStorage) of the first caller would stay in memory as long as the connection, and every listener would see them.
 */
export const inRootContext: <Result>(run: () => Result) => Result = /* @__PURE__ */ AsyncLocalStorage.snapshot()
