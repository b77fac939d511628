import { setTimeout as sleep } from 'node:timers/promises'

/** What ends something; a promise if that takes time. */
type End = () => unknown

/** The signals that end a process, and the exit codes that a shell expects then. */
const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
/** How long the ends may take, in milliseconds. */
const patienceMs = 10_000

const ends = new Set<End>()
let isLeaving = false

/**
 * Has something ended however this process ends, short of SIGKILL. What was begun last is ended first. On a signal, and by `leave`,
 * the process waits for ends that take time; a second signal ends it at once.
 *
 * @returns what takes it back
 */
export function atEnd(end: End): () => void {
  if (ends.size === 0 && !isLeaving) {
    process.on('exit', endAll)
    for (const signal of Object.keys(codes)) process.on(signal, onSignal)
  }
  ends.add(end)
  return () => {
    ends.delete(end)
    if (ends.size > 0 || isLeaving) return
    process.off('exit', endAll)
    for (const signal of Object.keys(codes)) process.off(signal, onSignal)
  }
}

/** Ends this process, after all that is to be ended before. */
export async function leave(code: number): Promise<void> {
  if (isLeaving) return
  isLeaving = true
  const all = endAll()
  // A process that has nothing to wait for does nothing else either.
  if (all.some((each) => each instanceof Promise)) {
    await Promise.race([Promise.allSettled(all), sleep(patienceMs)])
  }
  process.exit(code)
}

/** @param signal undefined if a program has emitted the event: nobody asks this process to end then */
function onSignal(signal: keyof typeof codes | undefined): void {
  if (signal === undefined) return
  if (isLeaving) process.exit(codes[signal])
  void leave(codes[signal])
}

function endAll(): unknown[] {
  const all = [...ends].reverse()
  ends.clear()
  return all.map((end) => {
    try {
      return end()
    } catch (error) {
      // The others are ended all the same.
      return error
    }
  })
}
