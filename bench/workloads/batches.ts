import type { BenchClient } from '../clients/client.js'
import { bulkBytes, counterKeys, frame, numberedKeys, smallValue } from './data.js'
import { burst, inTurn } from './shapes.js'
import type { Workload } from './workload.js'

const pipelines = 10

/** Pipelines one after another: this measures the round trip, and what the client adds to it. */
function pipelinesOf(length: number): Workload {
  const keys = numberedKeys.slice(0, length)
  const frames = Buffer.from(keys.map((key) => frame('GET', key)).join(''))
  return {
    title: `Pipelines of ${length} GET, one at a time`,
    count: pipelines * length,
    on: (client) => inTurn(pipelines, () => client.pipeline(keys)),
    bare: (socket) => inTurn(pipelines, () => socket.exchange(frames, bulkBytes(smallValue.length) * length)),
  }
}

const manyKeys = [...numberedKeys]
const multiOf = ({ multi }: BenchClient) => multi && burst(20, () => multi(counterKeys))

/** Several commands or keys at once. */
export const batchWorkloads: readonly Workload[] = [
  pipelinesOf(10),
  pipelinesOf(100),
  { title: 'MULTI of 10 INCR, 20 in one tick', count: 20 * counterKeys.length, on: multiOf },
  {
    title: 'MGET of 100 keys, 20 in one tick',
    count: 20,
    on: (client) => burst(20, () => client.mget(manyKeys)),
  },
]
