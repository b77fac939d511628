// Run by subjects.ts, a process for each build and row in each round: child.mjs ENTRY PORT TITLE
// Answers the calls of its parent over the channel between the processes.

import { serve } from '../channel.js'
import { BareSocket } from '../clients/bare-socket.js'
import { measureHeld } from '../held.js'
import { localTarget } from '../target.js'
import { measureTurn } from '../turn.js'
import { verify } from '../verify.js'
import { workloads } from '../workloads/all.js'
import { decoding, loadDecoder } from './decoding.js'
import { rows } from './rows.js'
import { connectBuild } from './subject.js'
import type { Call, Figure } from './subjects.js'

const commandsHeld = 100_000

const [entry = '', portText = '', title = ''] = process.argv.slice(2)
const port = Number(portText)

type Measure = (time: number) => Promise<Figure>

async function measureOf(kind: string | undefined): Promise<Measure> {
  switch (kind) {
    case 'workload':
      return workload()
    case 'decode': {
      const measure = decoding(await loadDecoder(entry), title)
      return async () => {
        const { throughput, doubling } = measure()
        return { value: throughput, doubling }
      }
    }
    case 'memory':
      return async () => {
        const { heap } = await measureHeld(await connectBuild(entry, port), localTarget(port), commandsHeld)
        return { value: heap / commandsHeld }
      }
    default:
      throw new Error(`there is no row "${title}"`)
  }
}

async function workload(): Promise<Measure> {
  const client = await connectBuild(entry, port)
  await verify(client)
  const found = workloads.find((each) => each.title === title)
  const run = await found?.on(client, await BareSocket.connect(localTarget(port)))
  if (found === undefined || run === undefined) throw new Error(`there is no workload "${title}"`)
  return async (time) => {
    const { throughput, rate, cpu } = await measureTurn(title, run, found.count, time)
    return { value: throughput, median: rate, cpu }
  }
}

const measure = await measureOf(rows.find((row) => row.title === title)?.kind)
serve(null, async (call: Call) => {
  if (call.kind === 'turn') return measure(call.time)
  process.disconnect()
  return undefined
})
