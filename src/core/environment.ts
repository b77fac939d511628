import { performance } from 'node:perf_hooks'
import { nextTick } from 'node:process'
import { clearTimeout, setTimeout } from 'node:timers'
import type { Clock } from '../connection/timing/clock.js'
import { dialSocket } from '../connection/transport/socket.js'
import type { Dial } from '../connection/transport/transport.js'
import { longestDelay } from '../options/rules.js'
import { inRootContext } from '../root-context.js'

/** The runtime environment, which a simulation replaces. */
export interface Environment {
  readonly dial: Dial
  readonly clock: Clock
  /** Calls `ref` or `unref` of every open socket and timer, and of each that is opened later. Absent if there are none. */
  readonly keepAlive?: (change: 'ref' | 'unref') => void
}

/** A socket or a timer, which can keep the process alive. */
interface Handle {
  ref(): Handle
  unref(): Handle
}

/** The network and the clock of one client. It records open sockets and timers, because `ref` and `unref` apply to them. */
export function systemEnvironment(): Environment {
  const open = new Set<Handle>()
  let change: keyof Handle = 'ref'
  return {
    dial: (endpoint, handler) => {
      const transport = dialSocket(endpoint, handler)
      const { socket } = transport
      open.add(socket[change]())
      socket.on('close', () => open.delete(socket))
      return transport
    },
    clock: {
      now: () => performance.now(),
      wallTime: Date.now,
      after: (delayMs, callback, isUrgent = true) =>
        inRootContext(() => {
          const fire = (): void => {
            open.delete(timer)
            callback()
          }
          // A sum of delays may exceed the limit for a single delay.
          const timer = setTimeout(fire, Math.min(delayMs, longestDelay))[isUrgent ? change : 'unref']()
          if (isUrgent) open.add(timer)
          return timer
        }),
      cancel: (timer) => {
        open.delete(timer as NodeJS.Timeout)
        clearTimeout(timer as NodeJS.Timeout)
      },
      defer: nextTick,
      random: Math.random,
    },
    keepAlive: (next) => {
      change = next
      for (const handle of open) handle[next]()
    },
  }
}
