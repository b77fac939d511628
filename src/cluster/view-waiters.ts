import type { Clock } from '../connection/timing/clock.js'

/** Callers that wait for the next view: the functions that wake them. */
export class ViewWaiters extends Set<(error?: Error) => void> {
  /** Resolves with the next view, after this many milliseconds, or when the signal is aborted. Rejects if there will be no view. */
  wait(clock: Clock, patience: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (error?: Error): void => {
        clock.cancel(timer)
        this.delete(wake)
        signal?.removeEventListener('abort', stop)
        resolve(error && Promise.reject(error))
      }
      const stop = (): void => wake()
      const timer = clock.after(patience, stop)
      this.add(wake)
      signal?.addEventListener('abort', stop)
    })
  }

  /** @param error why there will be no view */
  wake(error?: Error): void {
    for (const wake of [...this]) wake(error)
  }
}
