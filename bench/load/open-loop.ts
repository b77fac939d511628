import { quantileOfSorted } from '../quantile.js'

/** What a fixed rate came to. */
export interface AtRate {
  /** Commands a second that were asked for, and that were answered. */
  readonly asked: number
  readonly answered: number
  /** Milliseconds from the moment at which a command was due, not from that at which it was sent. */
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly failed: number
}

/** Commands that may wait at once: who has more has lost touch with the rate. */
const mostWaiting = 200_000

/**
 * Sends commands at a fixed rate, whatever becomes of those before. A caller that waits for each reply would send less while the
 * server or the client is slow, and so leave out the very commands that had to wait (coordinated omission). So each latency counts
 * from the moment at which the command was due: if the loop was late, that is part of it.
 *
 * The event loop is kept awake to be in time: timers are a millisecond late.
 *
 * @param rate commands a second
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
      else if (sent < total && !isGivenUp) setImmediate(tick)
    }
    tick()
  })
  const taken = Math.max(time, performance.now() - begin)
  const answered = done - failed
  const sorted = latencies.subarray(0, answered).sort()
  const [p50 = 0, p99 = 0, p999 = 0] = [0.5, 0.99, 0.999].map((q) => quantileOfSorted(sorted, q))
  return { asked: rate, answered: (answered * 1_000) / taken, p50, p99, p999, failed }
}

/** Whether a client keeps up with the rate: it answers nearly all in time, and not a backlog that only grows. */
export const keepsUp = ({ asked, answered, p99 }: AtRate): boolean => answered >= 0.97 * asked && p99 < 100
