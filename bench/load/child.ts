// Run by main.ts, a process for each client: child.ts NAME SENTINELS, with the target in the environment
// It connects to the target, or to the master of the sentinels if there are any. Then it answers the calls of its parent, one at a
// time.

import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '../channel.js'
import { connectors } from '../clients/all.js'
import { type SentinelClient, type SentinelTarget, sentinelConnectors } from '../clients/sentinel.js'
import { givenTarget, type Target } from '../target.js'
import { keys, range, smallValue } from '../workloads/data.js'
import { loops } from '../workloads/shapes.js'
import { openLoop } from './open-loop.js'
import { bucketMs } from './recovery.js'
import { type Limited, measureTimeOuts } from './time-outs.js'

/** The calls to the process of a client. Times are in milliseconds. */
export type LoadCall =
  | { readonly kind: 'rate'; readonly rate: number; readonly time: number }
  | { readonly kind: 'limit'; readonly held: Target; readonly limit: number }
  | { readonly kind: 'time-outs'; readonly time: number }
  | { readonly kind: 'watch'; readonly command: 'get' | 'set' }
  | { readonly kind: 'watched' }
  | { readonly kind: 'close' }

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
      return measureTimeOuts(
        loops(() => client.get(keys.small)),
        limited,
        call.time,
      )
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
