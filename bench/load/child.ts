// Run by main.ts, a process for each client: child.ts NAME TARGET FENCE
// Answers the calls of its parent, one at a time.

import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '../channel.js'
import { connectors } from '../clients/all.js'
import { BareSocket } from '../clients/bare-socket.js'
import type { BenchClient, Reader } from '../clients/client.js'
import { connectRespite } from '../clients/respite.js'
import { quantile } from '../quantile.js'
import type { Target } from '../target.js'
import { frame, keys, range } from '../workloads/data.js'
import { loops } from '../workloads/shapes.js'
import { openLoop } from './open-loop.js'
import { bucketMs } from './recovery.js'

/** What a client is asked to do. Times are in milliseconds. */
export type LoadCall =
  | { readonly kind: 'rate'; readonly rate: number; readonly time: number }
  | { readonly kind: 'limit'; readonly held: Target; readonly limit: number }
  | { readonly kind: 'time-outs'; readonly time: number }
  | { readonly kind: 'watch' }
  | { readonly kind: 'watched' }
  | { readonly kind: 'reconnects'; readonly count: number }
  | { readonly kind: 'close' }

/** How late time limits fired. */
export interface Lateness {
  readonly p50: number
  readonly p99: number
  readonly fired: number
  readonly calls: number
}

/** Reads with a time limit, in milliseconds. */
interface Limited {
  readonly reader: Reader
  readonly limit: number
}

/** Replies in each bucket, and the time of the first one. */
export interface Watched {
  readonly begin: number
  readonly buckets: readonly number[]
  readonly failed: number
}

const [name = '', json = '', fence = ''] = process.argv.slice(2)
const target = JSON.parse(json) as Target
const connect = (to: Target): Promise<BenchClient | undefined> =>
  fence !== ''
    ? connectRespite(to, { fence: fence as 'try' | 'off', reconnect: () => 0 })
    : (connectors[name]?.(to) ?? Promise.resolve(undefined))
const client = await connect(target)

let watch = { begin: 0, buckets: [] as number[], failed: 0 }
let isWatching = false
let limited: Limited | undefined
let loopsEnded: Promise<unknown> = Promise.resolve()

function startWatch(reader: BenchClient): void {
  watch = { begin: Date.now(), buckets: [], failed: 0 }
  isWatching = true
  const loop = async (): Promise<void> => {
    while (isWatching) {
      try {
        await reader.get(keys.small)
        const bucket = Math.floor((Date.now() - watch.begin) / bucketMs)
        watch.buckets[bucket] = (watch.buckets[bucket] ?? 0) + 1
      } catch {
        watch.failed += 1
        // Who is refused at once would otherwise ask without a pause.
        await sleep(1)
      }
    }
  }
  loopsEnded = Promise.all(range(64).map(loop))
}

/** While the loop is saturated by one client, another one has calls that nobody answers. */
async function measureTimeOuts(saturating: BenchClient, { reader, limit }: Limited, time: number): Promise<Lateness> {
  const saturate = loops(() => saturating.get(keys.small))
  const late: number[] = []
  let calls = 0
  const end = performance.now() + time
  const call = (): void => {
    calls += 1
    const due = performance.now() + limit
    const settled = (): void => void late.push(performance.now() - due)
    reader.get(keys.small).then(() => {}, settled)
  }
  const timer = setInterval(call, 5)
  while (performance.now() < end) await saturate()
  clearInterval(timer)
  const last = performance.now() + 2 * limit + 200
  while (late.length < calls && performance.now() < last) await saturate()
  return { p50: quantile(late, 0.5), p99: quantile(late, 0.99), fired: late.length, calls }
}

/** The server closes the connection while 64 loops use it, again and again. @returns the mean time without a reply */
async function measureReconnects(reader: BenchClient, count: number): Promise<number> {
  const admin = await BareSocket.connect(target)
  const kill = Buffer.from(frame('CLIENT', 'KILL', 'TYPE', 'normal'))
  let isRunning = true
  let last = performance.now()
  let gap = 0
  const running = Promise.all(
    range(64).map(async () => {
      while (isRunning) {
        await reader.get(keys.small).catch(() => sleep(1))
        const now = performance.now()
        gap = Math.max(gap, now - last)
        last = now
      }
    }),
  )
  const gaps: number[] = []
  for (let done = 0; done < count; done += 1) {
    await sleep(30)
    gap = 0
    await admin.exchange(kill, ':1\r\n'.length)
    await sleep(60)
    gaps.push(gap)
  }
  isRunning = false
  await running
  admin.close()
  return gaps.reduce((sum, each) => sum + each, 0) / gaps.length
}

async function answer(call: LoadCall): Promise<unknown> {
  if (client === undefined) throw new Error(`${name} is not installed`)
  switch (call.kind) {
    case 'rate':
      return openLoop(() => client.get(keys.small), call.rate, call.time)
    case 'limit': {
      // Connected, and to be held up from now on.
      const reader = await (await connect(call.held))?.limitedTo?.(call.limit)
      limited = reader && { reader, limit: call.limit }
      return limited !== undefined
    }
    case 'time-outs':
      if (limited === undefined) throw new Error('there is no time limit')
      return measureTimeOuts(client, limited, call.time)
    case 'watch':
      startWatch(client)
      return undefined
    case 'watched':
      isWatching = false
      await loopsEnded
      return { ...watch, buckets: Array.from(watch.buckets, (count) => count ?? 0) } satisfies Watched
    case 'reconnects':
      return measureReconnects(client, call.count)
    case 'close':
      await client.close()
      process.disconnect()
  }
}

// Who asked is gone.
process.once('disconnect', () => process.exit())
serve(client === undefined ? null : {}, answer)
if (client === undefined) process.disconnect()
