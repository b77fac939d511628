// Run by main.ts, a process for each client: child.ts NAME SENTINELS, with the target in the environment
// It connects to the target, or to the master of the sentinels if there are any. Then it answers the calls of its parent, one at a
// time.

import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '../channel.js'
import { connectors } from '../clients/all.js'
import type { Reader } from '../clients/client.js'
import { type SentinelClient, type SentinelTarget, sentinelConnectors } from '../clients/sentinel.js'
import { quantile } from '../quantile.js'
import { givenTarget, type Target } from '../target.js'
import { keys, range, smallValue } from '../workloads/data.js'
import { loops } from '../workloads/shapes.js'
import { openLoop } from './open-loop.js'
import { bucketMs } from './recovery.js'

/** The calls to the process of a client. Times are in milliseconds. */
export type LoadCall =
  | { readonly kind: 'rate'; readonly rate: number; readonly time: number }
  | { readonly kind: 'limit'; readonly held: Target; readonly limit: number }
  | { readonly kind: 'time-outs'; readonly time: number }
  | { readonly kind: 'watch'; readonly command: 'get' | 'set' }
  | { readonly kind: 'watched' }
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

/** What 64 loops came to. */
export interface Watched {
  /** When the first bucket began, as `Date.now()` tells it. */
  readonly begin: number
  /** Replies in each bucket. */
  readonly buckets: readonly number[]
  /** Commands that were rejected, or not answered at the end. */
  readonly failed: number
}

const [name = '', sentinels = ''] = process.argv.slice(2)
const target = givenTarget()
const client: SentinelClient | undefined =
  sentinels === ''
    ? await connectors[name]?.(target)
    : await sentinelConnectors[name]?.(JSON.parse(sentinels) as SentinelTarget)

let limited: Limited | undefined
let endWatch: () => Promise<Watched> = () => Promise.reject(new Error('nothing is watched'))

/** Milliseconds that a loop has for its last command: some clients leave commands unanswered. */
const lastReplyTime = 3_000

/** Starts 64 loops. @returns what ends them */
function watch(send: () => Promise<unknown>): () => Promise<Watched> {
  const begin = Date.now()
  const buckets: number[] = []
  let failed = 0
  let running = 64
  let isWatching = true
  const loop = async (): Promise<void> => {
    while (isWatching) {
      try {
        await send()
        const bucket = Math.floor((Date.now() - begin) / bucketMs)
        buckets[bucket] = (buckets[bucket] ?? 0) + 1
      } catch {
        failed += 1
        // A loop that is refused at once would otherwise never pause.
        await sleep(1)
      }
    }
    running -= 1
  }
  const loopsEnded = Promise.all(range(running).map(loop))
  return async () => {
    isWatching = false
    await Promise.race([loopsEnded, sleep(lastReplyTime)])
    return { begin, buckets: Array.from(buckets, (count) => count ?? 0), failed: failed + running }
  }
}

/** While loops of one client saturate the event loop, another one has calls that the server does not answer. */
async function measureTimeOuts(saturating: Reader, { reader, limit }: Limited, time: number): Promise<Lateness> {
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

async function answer(call: LoadCall): Promise<unknown> {
  if (client === undefined) throw new Error(`${name} is not installed`)
  switch (call.kind) {
    case 'rate':
      return openLoop(() => client.get(keys.small), call.rate, call.time)
    case 'limit': {
      const reader = await (await connectors[name]?.(call.held))?.limitedTo?.(call.limit)
      limited = reader && { reader, limit: call.limit }
      return limited !== undefined
    }
    case 'time-outs':
      if (limited === undefined) throw new Error('there is no time limit')
      return measureTimeOuts(client, limited, call.time)
    case 'watch':
      endWatch = watch(
        call.command === 'get' ? () => client.get(keys.small) : () => client.set(keys.written, smallValue),
      )
      return undefined
    case 'watched':
      return endWatch()
    case 'close':
      await client.close()
      process.disconnect()
  }
}

serve(client === undefined ? null : {}, answer)
if (client === undefined) process.disconnect()
