import { once } from 'node:events'
import { createServer } from 'node:net'
import { threadId } from 'node:worker_threads'

/**
 * Below the ports that an operating system gives to whoever asks for any (Linux: from 32768), so that between the choice of a
 * port and the start of the program that is to listen on it, no other listener and no outgoing connection is given the same one.
 */
const [first, last] = [10_000, 32_767]

/** Processes that choose at the same time choose among different ports: every sixteenth, each from another one on. */
const step = 16
const own = first + ((process.pid + threadId) % step)

/** The ports that were given last: their programs may not listen yet. */
const given: number[] = []
const remembered = 200

/** A port of loopback on which nobody listens, for a program that must be told its port before it starts. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = own + step * Math.floor((Math.random() * (last - own + 1)) / step)
    if (given.includes(port)) continue
    // Before it is known whether it is free, so that no other call takes it meanwhile.
    given.unshift(port)
    given.length = Math.min(given.length, remembered)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const listener = createServer().listen(port, '127.0.0.1')
  try {
    await once(listener, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw error
  }
  listener.close()
  await once(listener, 'close')
  return true
}
