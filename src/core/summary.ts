import type { Runtime } from './runtime.js'

/** The name of the method that `util.inspect` calls. Node.js documentation: util.inspect.custom. */
export const inspect: unique symbol = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom')

/** Returns what `util.inspect` and `console.log` show for a client. It contains no secrets. */
export function summaryOf(runtime: Runtime): object {
  const { queued, inFlight, subscriptions, ownConnections } = runtime.stats()
  const { shared, settings } = runtime
  const { host, port, path } = shared.connection?.endpoint ?? settings.options
  return { status: shared.status, address: path ?? `${host}:${port}`, queued, inFlight, subscriptions, ownConnections }
}
