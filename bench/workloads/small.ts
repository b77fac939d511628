import { bulkBytes, frame, keys, smallValue } from './data.js'
import { burst, inTurn, loops, loopsCount } from './shapes.js'
import type { Workload } from './workload.js'

const getFrame = frame('GET', keys.small)
const thousandFrames = Buffer.from(getFrame.repeat(1_000))
const oneFrame = Buffer.from(getFrame)
const replyBytes = bulkBytes(smallValue.length)

/** GET and SET of 16 characters. */
export const smallWorkloads: readonly Workload[] = [
  {
    title: 'GET, bursts of 1,000 in one tick',
    count: 1_000,
    on: (client) => burst(1_000, () => client.get(keys.small)),
    bare: (socket) => () => socket.exchange(thousandFrames, replyBytes * 1_000),
    targets: { ioredis: 7, 'ioredis auto-pipelining': 4, 'node-redis': 5, 'bare socket': 0.4 },
  },
  {
    title: 'GET, 64 concurrent loops',
    count: loopsCount,
    on: (client) => loops(() => client.get(keys.small)),
    targets: { ioredis: 3, 'node-redis': 2.5 },
  },
  {
    title: 'SET, 64 concurrent loops',
    count: loopsCount,
    on: (client) => loops(() => client.set(keys.written, smallValue)),
    targets: { ioredis: 3, 'node-redis': 2.5 },
  },
  {
    title: 'GET and SET, 80 to 20, 64 concurrent loops',
    count: loopsCount,
    on: (client) => loops((turn) => (turn % 5 === 4 ? client.set(keys.written, smallValue) : client.get(keys.small))),
  },
  {
    title: 'GET, one at a time',
    count: 50,
    on: (client) => inTurn(50, () => client.get(keys.small)),
    bare: (socket) => inTurn(50, () => socket.exchange(oneFrame, replyBytes)),
    targets: { 'bare socket': 0.9 },
  },
]
