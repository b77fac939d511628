import type { BenchClient, Reader } from '../clients/client.js'
import { keys } from './data.js'
import { burst, loops, loopsCount, loopsOf } from './shapes.js'
import { type Run, type Workload, withoutName } from './workload.js'

/** Not more than 15% more time. */
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

/** The cost of signals and time limits. */
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
      // As in a server, where all commands of a request share its signal.
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
    // The caller and Node create the signal, so its cost is not the client's.
    without: (client) =>
      loops(() => {
        const { signal } = new AbortController()
        return signal.aborted ? Promise.reject(signal.reason) : client.get(keys.small)
      }),
    // A client that reacts to an abort must add a listener and remove it again: that is the cost of Node.
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
