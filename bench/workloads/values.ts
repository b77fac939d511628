import { bulkBytes, foreignValue, frame, keys, mediumValue, megabyteValue, pageValue } from './data.js'
import { burst, loops, loopsCount } from './shapes.js'
import type { Workload } from './workload.js'

const megabyteFrame = Buffer.from(frame('GET', keys.megabyte))

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
  },
  {
    title: 'SET of 64 kB Buffers, 100 in one tick',
    count: 100,
    on: (client) => burst(100, () => client.set(keys.medium, mediumValue)),
    bare: (socket) => {
      const frames = Buffer.from(frame('SET', keys.medium, mediumValue.toString('latin1')).repeat(100))
      return () => socket.exchange(frames, '+OK\r\n'.length * 100)
    },
    targets: { fastest: 1.8 },
  },
  {
    title: 'GET of 1 MB as string',
    count: 1,
    on: (client) => () => client.get(keys.megabyte),
  },
  {
    title: 'GET of 1 MB as Buffer',
    count: 1,
    on: (client) => () => client.getBuffer(keys.megabyte),
    bare: (socket) => () => socket.exchange(megabyteFrame, bulkBytes(megabyteValue.length)),
    collecting: (socket) => () => socket.collect(megabyteFrame, bulkBytes(megabyteValue.length)),
  },
  {
    title: 'SET of 1 MB Buffers',
    count: 1,
    on: (client) => () => client.set(keys.medium, megabyteValue),
  },
  {
    title: 'GET of 8 MB as Buffer',
    count: 1,
    on: (client) => () => client.getBuffer(keys.large),
    targets: { fastest: 1.1 },
  },
]
