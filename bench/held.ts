import { setTimeout as sleep } from 'node:timers/promises'
import { BareSocket } from './clients/bare-socket.js'
import type { BenchClient } from './clients/client.js'
import type { Target } from './target.js'
import { frame, keys, range } from './workloads/data.js'

/** While the server answers nobody: long enough to measure, shorter than any client's patience. */
const pauseMs = 6_000
/** For the clients to write what the socket takes. */
const settlingMs = 1_000

/** What is held, in bytes. */
export interface Held {
  /** In the JavaScript heap and in buffers. */
  readonly heap: number
  /** What the process has grown by. */
  readonly rss: number
}

async function heldNow(): Promise<Held> {
  // Twice: what finalizers let go of goes the second time.
  for (let i = 0; i < 2; i += 1) {
    globalThis.gc?.()
    await sleep(50)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, rss }
}

/**
 * What so many unanswered commands of a client hold. The process must run with --expose-gc.
 *
 * @param target the server, which is paused meanwhile
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
    // Nobody keeps the promises: what is left is the client's.
    for (let i = 0; i < count; i += 1) client.get(keys.small).then(onAnswer)
  })
  await sleep(settlingMs)
  const after = await heldNow()
  if (answered > 0) throw new Error(`${answered} commands were answered before they were measured`)
  await allAnswered
  admin.close()
  return { heap: after.heap - before.heap, rss: after.rss - before.rss }
}
