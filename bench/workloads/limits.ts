import type { BenchClient, Reader } from '../clients/client.js'
import { keys } from './data.js'
import { burst, loops, loopsCount, loopsOf } from './shapes.js'
import { type Run, type Workload, withoutName } from './workload.js'

/** At most 15% more time. */
const targets = { [withoutName]: 1 / 1.15 }

const plainBurst = (client: BenchClient): Run => burst(1_000, () => client.get(keys.small))
const plainLoops = (client: BenchClient): Run => loops(() => client.get(keys.small))

function burstWithSignal(cancellable: NonNullable<BenchClient['cancellable']>): Run {
  let reader: Reader
  const run = burst(1_000, () => reader.get(keys.small))
  return () => {
    reader = cancellable(new AbortController().signal)
    return run()
  }
}

/** What it costs that commands can be cancelled, or have a time limit. */
export const limitWorkloads: readonly Workload[] = [
  {
    title: 'GET with an AbortSignal, bursts of 1,000 in one tick that share it',
    count: 1_000,
    on: ({ cancellable }) => cancellable && burstWithSignal(cancellable),
    without: plainBurst,
    targets,
  },
  {
    title: 'GET with an AbortSignal, 64 concurrent loops with one each',
    count: loopsCount,
    on: ({ cancellable }) =>
      cancellable &&
      // As in a server: whoever makes the commands of a request has its signal for all of them.
      loopsOf(() => {
        const reader = cancellable(new AbortController().signal)
        return () => reader.get(keys.small)
      }),
    without: plainLoops,
    targets,
  },
  {
    title: 'GET with an AbortSignal of its own, 64 concurrent loops',
    count: loopsCount,
    on: ({ cancellable }) => cancellable && loops(() => cancellable(new AbortController().signal).get(keys.small)),
    // Making a signal is the caller's expense, and Node's.
    without: (client) =>
      loops(() => {
        const { signal } = new AbortController()
        return signal.aborted ? Promise.reject(signal.reason) : client.get(keys.small)
      }),
    // Whoever is to hear of an abort must listen, and must let go of the signal afterwards: that is Node's expense.
    least: (client) =>
      loops(() => {
        const { signal } = new AbortController()
        const onAbort = (): void => {}
        signal.addEventListener('abort', onAbort)
        signal.removeEventListener('abort', onAbort)
        return client.get(keys.small)
      }),
  },
  {
    title: 'GET with a timeout, bursts of 1,000 in one tick',
    count: 1_000,
    on: ({ timeLimited }) => timeLimited && burst(1_000, () => timeLimited.get(keys.small)),
    without: plainBurst,
    targets,
  },
  {
    title: 'GET with a timeout, 64 concurrent loops',
    count: loopsCount,
    on: ({ timeLimited }) => timeLimited && loops(() => timeLimited.get(keys.small)),
    without: plainLoops,
    targets,
  },
]
