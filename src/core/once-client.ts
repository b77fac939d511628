import type { OnceClient } from '../dispatch/once-calls.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Runtime } from './runtime.js'

/** Returns the part of the client that calls with `once` use. */
export function onceClientOf({ settings, shared }: Runtime, callOptions: ResolvedCallOptions): OnceClient {
  const { options, clock } = settings
  return {
    options,
    settings: callOptions,
    now: () => clock.now(),
    random: () => clock.random(),
    connection: () => (shared.connection?.isReady === true ? shared.connection : undefined),
    enqueue: (request, signal) => shared.enqueue(request, signal),
    enqueueFirst: (request) => shared.enqueueFirst(request),
    flushSoon: () => shared.flushSoon(),
  }
}
