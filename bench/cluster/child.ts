// Run by main.ts, a process for each client: child.ts NAME PORTS
// Answers the calls of its parent, one at a time.

import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../src/errors.js'
import { serve } from '../channel.js'
import { measureTurn } from '../turn.js'
import { connectors } from './clients.js'
import { keys, workloads } from './workloads.js'

/** What a client is asked to do. Times are in milliseconds. */
export type ClusterCall =
  | { readonly kind: 'turn'; readonly title: string; readonly time: number }
  /** A SET of each of 1,000 keys: called in one tick, or by what the client has for pipelines. */
  | { readonly kind: 'pipeline'; readonly how: 'calls' | 'pipeline'; readonly count: number }
  | { readonly kind: 'write'; readonly key: string }
  | { readonly kind: 'written'; readonly since: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'close' }

/** Milliseconds that each pipeline took, or why it is refused; undefined: the client has no other way than calls. */
export type Pipelines = { readonly times: readonly number[] } | { readonly refusal: string } | undefined

/** What became of writes that were called after a moment. */
export interface Written {
  /** The moment of the first success, in milliseconds since 1970; undefined as long as there is none. */
  readonly succeededAt: number | undefined
  /** Writes that were rejected since writing began. */
  readonly rejected: number
}

const [name = '', ports = ''] = process.argv.slice(2)
const client = await connectors[name]?.(JSON.parse(ports) as number[])
if (client === undefined) throw new Error(`there is no client ${name}`)

const value = 'value:0123456789'
const writeEveryMs = 20

/** Milliseconds that the last writes have, once writing has ended: some clients leave commands unanswered. */
const lastReplyTime = 3_000

let writes: { calledAt: number; succeededAt: number | undefined }[] = []
const waiting = new Set<Promise<unknown>>()
let rejected = 0
let timer: NodeJS.Timeout | undefined

/** Writes at a fixed rate, whatever becomes of the writes before, as the callers of a service do. */
function startWriting(key: string): void {
  writes = []
  rejected = 0
  timer = setInterval(() => {
    const write = { calledAt: now(), succeededAt: undefined as number | undefined }
    writes.push(write)
    const settled = client
      ?.set(key, value)
      .then(
        () => {
          write.succeededAt = now()
        },
        () => {
          rejected += 1
        },
      )
      .then(() => void (settled && waiting.delete(settled)))
    if (settled !== undefined) waiting.add(settled)
  }, writeEveryMs)
}

/** Resolves when the writes that were called are answered or rejected. */
async function stopWriting(): Promise<void> {
  clearInterval(timer)
  await Promise.race([Promise.all(waiting), sleep(lastReplyTime)])
  waiting.clear()
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

function written(since: number): Written {
  const moments = writes.flatMap(({ calledAt, succeededAt }) => (calledAt >= since ? (succeededAt ?? []) : []))
  return { succeededAt: moments.length === 0 ? undefined : Math.min(...moments), rejected }
}

async function pipelines(how: 'calls' | 'pipeline', count: number): Promise<Pipelines> {
  const { pipeline } = client ?? {}
  if (how === 'pipeline' && pipeline === undefined) return undefined
  const run = (): Promise<unknown> =>
    how === 'pipeline'
      ? (pipeline?.(keys, value) ?? Promise.resolve())
      : Promise.all(keys.map((key) => client?.set(key, value)))
  const times: number[] = []
  try {
    // The first ones are for the compiler.
    for (let done = -count; done < count; done += 1) {
      const begin = performance.now()
      await run()
      if (done >= 0) times.push(performance.now() - begin)
    }
  } catch (error) {
    return { refusal: messageOf(error) }
  }
  return { times }
}

async function answer(call: ClusterCall): Promise<unknown> {
  switch (call.kind) {
    case 'turn': {
      const workload = workloads.find(({ title }) => title === call.title)
      if (workload === undefined || client === undefined) throw new Error(`there is no workload ${call.title}`)
      return measureTurn(name, workload.on(client), workload.count, call.time)
    }
    case 'pipeline':
      return pipelines(call.how, call.count)
    case 'write':
      return startWriting(call.key)
    case 'written':
      return written(call.since)
    case 'stop':
      return stopWriting()
    case 'close':
      clearInterval(timer)
      await client?.close()
      process.disconnect()
  }
}

// Who asked is gone.
process.once('disconnect', () => process.exit())
serve({}, answer)
