// Run by contender.ts, on Node or on Bun, a process for each contender: contender-child.ts NAME
// Answers the calls of its parent, one at a time, over the channel between the processes.

import { serve } from './channel.js'
import { connectors } from './clients/all.js'
import { BareSocket } from './clients/bare-socket.js'
import type { BenchClient } from './clients/client.js'
import type { Call } from './contender.js'
import { sampleLatency } from './latency.js'
import { givenTarget } from './target.js'
import { measureTurn } from './turn.js'
import { verify } from './verify.js'
import { workloads } from './workloads/all.js'
import { workloadOf } from './workloads/custom.js'
import { bareName, collectingName, leastName, type Run, type Workload, withoutName } from './workloads/workload.js'

const [name = ''] = process.argv.slice(2)
const target = givenTarget()
const bare = await BareSocket.connect(target)
const client = await connectors[name]?.(target)
if (client !== undefined) await verify(client)
let workload: Workload | undefined
let runs = new Map<string, Run>()

async function runsOf({ on, without, least, bare: onBare, collecting }: Workload): Promise<Map<string, Run>> {
  const all = new Map<string, Run | undefined>()
  if (client === undefined) {
    all.set(bareName, await onBare?.(bare))
    all.set(collectingName, collecting?.(bare))
  } else {
    all.set(name, await on(client, bare))
    if (name === 'respite') {
      all.set(withoutName, without?.(client))
      all.set(leastName, least?.(client))
    }
  }
  return new Map([...all].filter((entry): entry is [string, Run] => entry[1] !== undefined))
}

async function answer(call: Call): Promise<unknown> {
  switch (call.kind) {
    case 'prepare':
      workload =
        call.custom === undefined ? workloads.find(({ title }) => title === call.title) : workloadOf(call.custom)
      runs = workload === undefined ? new Map() : await runsOf(workload)
      return [...runs.keys()]
    case 'turn': {
      const run = runs.get(call.name)
      if (run === undefined || workload === undefined) throw new Error(`nothing is prepared for ${call.name}`)
      return measureTurn(call.name, run, workload.count, call.time)
    }
    case 'latency':
      return sampleLatency(client ?? bare, call.time)
    case 'close':
      return close(client)
  }
}

async function close(opened: BenchClient | undefined): Promise<void> {
  bare.close()
  await opened?.close()
  process.disconnect()
}

const { bun: bunVersion } = process.versions
const isThere = client !== undefined || name === bareName
serve(isThere ? { runtime: bunVersion ?? process.version } : null, answer)
if (!isThere) await close(undefined)
