import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Runs a function outside the asynchronous context of the caller, in the one in which this package was loaded.
 *
 * What outlives a call is begun here: connections, timers, events. Otherwise the stores (AsyncLocalStorage) of whoever happened to
 * make the first call would be kept in memory as long as the connection, and be seen by every listener.
 */
export const inRootContext: <Result>(run: () => Result) => Result = /* @__PURE__ */ AsyncLocalStorage.snapshot()
