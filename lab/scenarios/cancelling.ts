import type { Commands, LabClient } from '../clients/client.js'
import { UncancelledError } from '../recording/uncancelled-error.js'

/**
 * Commands that the signal cancels. If the client can't cancel commands, their caller uses a race between the promise and the
 * signal: it stops waiting, and the client is not told.
 */
export function cancelling(client: LabClient, signal: AbortSignal): Commands {
  if (client.cancellable !== undefined) return client.cancellable(signal)
  const race = (reply: Promise<unknown>): Promise<unknown> => Promise.race([reply, rejectionOf(signal)])
  return {
    get: (key) => race(client.get(key)),
    set: (key, value) => race(client.set(key, value)),
    incr: (key) => race(client.incr(key)),
    blpop: (key, seconds) => race(client.blpop(key, seconds)),
  }
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new UncancelledError()), { once: true })
  })
}
