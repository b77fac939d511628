import { setTimeout as sleep } from 'node:timers/promises'
import { BareSocket } from './clients/bare-socket.js'
import type { BenchClient } from './clients/client.js'
import type { Target } from './target.js'
import { frame, keys, range } from './workloads/data.js'

/** How long the server answers nothing: long enough to measure, and shorter than the time limits of the clients. */
const pauseMs = 6_000
/** How long a client has to write what the socket accepts. */
const settlingMs = 1_000

/** Memory in use, in bytes. */
export interface Held {
  /** In the JavaScript heap and in buffers. */
  readonly heap: number
  /** Resident set of the process. */
  readonly rss: number
}

async function heldNow(): Promise<Held> {
  // Twice: the second collection frees what finalizers released in the first.
  for (let i = 0; i < 2; i += 1) {
    globalThis.gc?.()
    await sleep(50)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, rss }
}

/**
 * Measures the memory of `count` unanswered commands of a client. The process must run with --expose-gc.
 *
 * @param target the server, which is paused during the measurement
 */
export async function measureHeld(client: BenchClient, target: Target, count: number): Promise<Held> {
  const admin = await BareSocket.connect(target)
  await Promise.all(range(1_000).map(() => client.get(keys.small)))
  const before = await heldNow()
  await admin.exchange(Buffer.from(frame('CLIENT', 'PAUSE', String(pauseMs), 'ALL')), '+OK\r\n'.length)
  let answered = 0
  const allAnswered = new Promise<void>((resolve) => {
    const onAnswer = (): void => {
      answered += 1
      if (answered === count) resolve()
    }
    // The promises are not kept, so that all memory in use is the client's.
    for (let i = 0; i < count; i += 1) client.get(keys.small).then(onAnswer)
  })
  await sleep(settlingMs)
  const after = await heldNow()
  if (answered > 0) throw new Error(`${answered} commands were answered before they were measured`)
  await allAnswered
  admin.close()
  return { heap: after.heap - before.heap, rss: after.rss - before.rss }
}
