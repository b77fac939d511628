import { Fence } from '../../src/connection/fence/fence.js'
import { connectionSettings } from '../../src/connection/supervisor/connection-settings.js'
import type { ConnectorSettings } from '../../src/connection/supervisor/connector.js'
import type { ClientOptions } from '../../src/index.js'
import { resolveOptions } from '../../src/options/resolve.js'
import { FakeClock } from './fake-clock.js'
import { FakeNetwork } from './fake-network.js'

/** What connections are made from, on a fake network. */
export function connectorSettings(options: ClientOptions = {}): {
  readonly network: FakeNetwork
  readonly clock: FakeClock
  readonly settings: ConnectorSettings
} {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const resolved = resolveOptions({ pingInterval: 0, ...options })
  const fence = new Fence(clock, resolved, () => {})
  let id = 0
  const settings: ConnectorSettings = {
    options: resolved,
    connectionSettings: () => connectionSettings(resolved, fence),
    provider: 'the credentials provider',
    dial: network.dial,
    clock,
    fence,
    nextId: () => {
      id += 1
      return id
    },
  }
  return { network, clock, settings }
}
