import { getEventListeners } from 'node:events'
import type { Client } from '../../src/client.js'
import type { Book } from './book.js'
import type { Callers } from './callers.js'
import type { SimulatedClock } from './clock.js'
import type { SimulatedNetwork } from './network.js'

/** Long after the last call, with the client still open: nothing of the calls is left. */
export function checkRest(
  client: Client,
  network: SimulatedNetwork,
  clock: SimulatedClock,
  callers: Callers,
  book: Book,
): void {
  const { subscriptions, ownConnections, queued, queuedBytes } = client.stats()
  if (ownConnections > 0) book.violation(`${ownConnections} pooled connections are kept, and nobody needs them`)
  if (queued > 0 || queuedBytes !== 0)
    book.violation(`${queued} commands of ${queuedBytes} bytes are queued, long after`)
  const isIdle = client.status === 'idle' && subscriptions === 0
  if (isIdle && clock.timers > 0) book.violation(`idle, with ${clock.timers} timers`)
  // One on the shared connection and one on that of the subscriptions: the next PING, or the next attempt to connect.
  if (clock.timers > 4) book.violation(`${clock.timers} timers, long after the last call`)
  const pending = client.inFlight().map(({ command, state }) => `${command} (${state})`)
  if (pending.length > 0) book.violation(`the ledger holds ${pending.join(', ')}, long after the last call`)
  for (const { id, saidReadOnly, isBlackHole } of network.live) {
    if (saidReadOnly && !isBlackHole)
      book.violation(`connection ${id} stays, whose server said that it takes no writes`)
  }
  checkSignals(callers, book)
  book.tally.note('invariant: nothing is left at rest')
}

/** From the moment when it is closed nothing of the client is left. */
export function checkRemains(
  client: Client,
  network: SimulatedNetwork,
  clock: SimulatedClock,
  callers: Callers,
  book: Book,
): void {
  if (clock.timers > 0) book.violation(`${clock.timers} timers are left`)
  if (network.live.length > 0) book.violation(`${network.live.length} connections are left`)
  if (client.inFlight().length > 0) book.violation('the ledger is not empty')
  const stats = client.stats()
  if (stats.queued > 0 || stats.queuedBytes !== 0) {
    book.violation(`${stats.queued} commands of ${stats.queuedBytes} bytes are left in the queue`)
  }
  if (stats.ownConnections > 0) book.violation(`${stats.ownConnections} pooled connections are left`)
  if (stats.subscriptions > 0) book.violation(`${stats.subscriptions} subscriptions are left`)
  checkSignals(callers, book)
  book.tally.note('invariant: nothing is left after the end')
}

function checkSignals(callers: Callers, book: Book): void {
  const listeners = callers.signals.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0)
  if (listeners > 0) book.violation(`${listeners} listeners are left at signals`)
}
