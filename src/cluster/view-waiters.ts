import type { Clock } from '../connection/timing/clock.js'

/** Callers that wait for the next view: the functions that wake them. */
export class ViewWaiters extends Set<() => void> {
  /** Resolves with the next view, after this many milliseconds, or when the signal is aborted. */
  wait(clock: Clock, patience: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clock.cancel(timer)
        this.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const timer = clock.after(patience, wake)
      this.add(wake)
      signal?.addEventListener('abort', wake)
    })
  }

  wake(): void {
    for (const wake of [...this]) wake()
  }
}
