import type { Companions } from './core/runtime.js'
import type { Subscriptions } from './pubsub/subscriptions.js'
import type { LeasedConnections } from './sessions/leased-connections.js'

/**
 * The parts of a client other than its shared connection.
 * @param onReady called when the shared connection is ready, before anything is sent on it
 */
export const companionsOf = (
  own: LeasedConnections,
  subscriptions: Subscriptions,
  onReady: Companions['onReady'],
): Companions => ({
  close: () => {
    subscriptions.close()
    return own.close()
  },
  destroy: () => {
    own.destroy()
    subscriptions.close()
  },
  moveTo: (isThere, reason) => {
    own.moveTo(isThere, reason)
    subscriptions.moveTo(isThere, reason)
  },
  inFlight: () => own.inFlight(),
  traffic: () => own.traffic(),
  subscriptionCount: () => subscriptions.count,
  isInUse: () => subscriptions.count > 0 || own.pool.isInUse,
  onReady,
  authenticate: (make) => {
    own.authenticate(make)
    subscriptions.authenticate(make)
  },
})
