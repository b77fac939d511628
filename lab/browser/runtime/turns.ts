type Run = () => void

interface BrowserPort {
  onmessage: (() => void) | null
  postMessage(message: undefined): void
}

const ticks: Run[] = []
const immediates: Run[] = []
/** As browsers have them; those of Node.js have other methods besides. */
const { port1, port2 } = new MessageChannel() as unknown as Record<'port1' | 'port2', BrowserPort>
let isDue = false

/**
 * Turns of the event loop in the order of Node.js: what a promise reaction defers by `nextTick` runs when all of these have run,
 * what a callback defers runs before them, and what was deferred by `setImmediate` when nothing else is left to run.
 */
port1.onmessage = () => {
  isDue = false
  if (ticks.length === 0) immediates.shift()?.()
  for (let run = ticks.shift(); run !== undefined; run = ticks.shift()) run()
  if (ticks.length + immediates.length > 0) next()
}

function next(): void {
  if (isDue) return
  isDue = true
  port2.postMessage(undefined)
}

export function nextTick(run: (...args: unknown[]) => void, ...args: unknown[]): void {
  ticks.push(() => run(...args))
  next()
}

export function setImmediate(run: (...args: unknown[]) => void, ...args: unknown[]): void {
  immediates.push(() => run(...args))
  next()
}
