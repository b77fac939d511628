import { quantileOfSorted } from '../quantile.js'

/** The result at a fixed rate. */
export interface AtRate {
  /** Commands per second: how many were due, and how many were answered. */
  readonly asked: number
  readonly answered: number
  /** Milliseconds since the moment at which a command was due, which may be before it was sent. */
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly failed: number
}

/** How long before a command is due the generator is awake, in milliseconds: longer than a timer is late. */
export const awakeMs = 1.5

/** The largest number of commands in flight: a client with more can't keep up. */
const mostWaiting = 200_000

/**
 * Sends commands at a fixed rate, whether or not the ones before are answered. A caller that waits for each reply would send less
 * while the server or the client is slow, and so leave out the commands that would have waited (coordinated omission). Each latency
 * is measured from the moment at which the command was due, so that it includes a delay of the event loop.
 *
 * Timers are up to about a millisecond late. So the event loop sleeps only until {@link awakeMs} before the next command is due, and
 * then looks at the clock again and again. At high rates it never sleeps, and takes all of the processor time that other threads on
 * its core leave to it.
 *
 * @param rate commands per second
 * @param time milliseconds
 */
export async function openLoop(send: () => Promise<unknown>, rate: number, time: number): Promise<AtRate> {
  const total = Math.floor((rate * time) / 1_000)
  const latencies = new Float64Array(total)
  const interval = 1_000 / rate
  const begin = performance.now()
  let sent = 0
  let done = 0
  let failed = 0
  let isGivenUp = false
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      done += 1
      if (done === total || (isGivenUp && done === sent)) resolve()
    }
    const sendOne = (due: number): void => {
      const answer = (): void => {
        latencies[done - failed] = performance.now() - due
        settle()
      }
      const fail = (): void => {
        failed += 1
        settle()
      }
      send().then(answer, fail)
    }
    const tick = (): void => {
      const due = Math.min(total, Math.floor((performance.now() - begin) / interval))
      while (sent < due && sent - done < mostWaiting) {
        sent += 1
        sendOne(begin + sent * interval)
      }
      isGivenUp = performance.now() - begin > 2 * time
      if (isGivenUp && done === sent) resolve()
      else if (sent < total && !isGivenUp) wakeBefore(begin + (sent + 1) * interval, tick)
    }
    tick()
  })
  const taken = Math.max(time, performance.now() - begin)
  const answered = done - failed
  const sorted = latencies.subarray(0, answered).sort()
  const [p50 = 0, p99 = 0, p999 = 0] = [0.5, 0.99, 0.999].map((q) => quantileOfSorted(sorted, q))
  return { asked: rate, answered: (answered * 1_000) / taken, p50, p99, p999, failed }
}

/** Calls a function again and again as the moment comes near, but not before: until then, other threads have the core. */
function wakeBefore(due: number, tick: () => void): void {
  const sleepMs = Math.floor(due - performance.now() - awakeMs)
  if (sleepMs < 1) setImmediate(tick)
  else setTimeout(tick, sleepMs)
}

/** Whether a client keeps up with the rate: nearly all commands are answered in time, and the backlog does not grow. */
export const keepsUp = ({ asked, answered, p99 }: AtRate): boolean => answered >= 0.97 * asked && p99 < 100
