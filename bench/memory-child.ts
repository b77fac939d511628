// Run by memory.ts, a process for each client, with --expose-gc: memory-child.ts CLIENT PORT COUNT
// Prints what that many unanswered commands of the client hold, as JSON; {} where the client is not installed.

import { setTimeout as sleep } from 'node:timers/promises'
import { connectors } from './clients/all.js'
import { BareSocket } from './clients/bare-socket.js'
import type { BenchClient } from './clients/client.js'
import { frame, keys, range } from './workloads/data.js'

/** While the server answers nobody: long enough to measure, shorter than any client's patience. */
const pauseMs = 6_000
/** For the clients to write what the socket takes. */
const settlingMs = 1_000

interface Held {
  readonly heap: number
  readonly rss: number
}

async function held(): Promise<Held> {
  // Twice: what finalizers let go of goes the second time.
  for (let i = 0; i < 2; i += 1) {
    globalThis.gc?.()
    await sleep(50)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, rss }
}

async function measure(client: BenchClient, port: number, count: number): Promise<Held> {
  const admin = await BareSocket.connect(port)
  await Promise.all(range(1_000).map(() => client.get(keys.small)))
  const before = await held()
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
  const after = await held()
  if (answered > 0) throw new Error(`${answered} commands were answered before they were measured`)
  await allAnswered
  admin.close()
  return { heap: after.heap - before.heap, rss: after.rss - before.rss }
}

const [name = '', port = '', count = ''] = process.argv.slice(2)
const client = await connectors[name]?.(Number(port))
console.log(JSON.stringify(client === undefined ? {} : await measure(client, Number(port), Number(count))))
await client?.close()
