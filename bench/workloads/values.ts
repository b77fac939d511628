import type { BareSocket } from '../clients/bare-socket.js'
import { bulkBytes, foreignValue, frame, keys, largeValue, mediumValue, megabyteValue, pageValue } from './data.js'
import { burst, loops, loopsCount } from './shapes.js'
import type { Run, Workload } from './workload.js'

const megabyteFrame = Buffer.from(frame('GET', keys.megabyte))
const megabyteBytes = bulkBytes(megabyteValue.length)
const largeFrame = Buffer.from(frame('GET', keys.large))
const largeBytes = bulkBytes(largeValue.length)
const ok = '+OK\r\n'

/** SETs that were encoded before. */
function bareSets(socket: BareSocket, key: string, value: Buffer, count: number): Run {
  const frames = Buffer.from(frame('SET', key, value.toString('latin1')).repeat(count), 'latin1')
  return () => socket.exchange(frames, ok.length * count)
}

/** Values that are long or not ASCII. */
export const valueWorkloads: readonly Workload[] = [
  {
    title: 'GET of 4 kB strings, 64 concurrent loops',
    count: loopsCount,
    on: (client) => loops(() => client.get(keys.page)),
  },
  {
    title: 'SET of 4 kB strings, 64 concurrent loops',
    count: loopsCount,
    on: (client) => loops(() => client.set(keys.written, pageValue)),
  },
  {
    title: 'GET of non-ASCII strings of 1,000 characters, 100 in one tick',
    count: 100,
    on: (client) => burst(100, () => client.get(keys.foreign)),
  },
  {
    title: 'SET of non-ASCII strings of 1,000 characters, 100 in one tick',
    count: 100,
    on: (client) => burst(100, () => client.set(keys.written, foreignValue)),
    bare: (socket) => bareSets(socket, keys.written, Buffer.from(foreignValue), 100),
  },
  {
    title: 'SET of 64 kB Buffers, 100 in one tick',
    count: 100,
    on: (client) => burst(100, () => client.set(keys.medium, mediumValue)),
    bare: (socket) => bareSets(socket, keys.medium, mediumValue, 100),
    targets: { fastest: 1.8 },
  },
  {
    title: 'GET of 1 MB as string',
    count: 1,
    on: (client) => () => client.get(keys.megabyte),
    bare: (socket) => () => socket.exchange(megabyteFrame, megabyteBytes),
    collecting: (socket) => async () => (await socket.collect(megabyteFrame, megabyteBytes)).toString(),
  },
  {
    title: 'GET of 1 MB as Buffer',
    count: 1,
    on: (client) => () => client.getBuffer(keys.megabyte),
    bare: (socket) => () => socket.exchange(megabyteFrame, megabyteBytes),
    collecting: (socket) => () => socket.collect(megabyteFrame, megabyteBytes),
  },
  {
    title: 'SET of 1 MB Buffers',
    count: 1,
    on: (client) => () => client.set(keys.medium, megabyteValue),
    bare: (socket) => bareSets(socket, keys.medium, megabyteValue, 1),
  },
  {
    title: 'GET of 8 MB as Buffer',
    count: 1,
    on: (client) => () => client.getBuffer(keys.large),
    bare: (socket) => () => socket.exchange(largeFrame, largeBytes),
    collecting: (socket) => () => socket.collect(largeFrame, largeBytes),
    targets: { fastest: 1.1 },
  },
]
