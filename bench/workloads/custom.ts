import { bulkBytes, frame, keys, prefix, range } from './data.js'
import { inTurn, loopsOf } from './shapes.js'
import type { Workload } from './workload.js'

/** The parameters of a workload of loops that read and write keys. They are passed to other processes as JSON. */
export interface Custom {
  /** The least and the largest number of bytes of a value. Small sizes are as frequent as large ones, on a logarithmic scale. */
  readonly bytes: readonly [least: number, most: number]
  /** Callers, each of which waits for its reply before it sends the next command. */
  readonly loops: number
  readonly keys: number
  /** The number of SETs in 100 commands; the others are GETs. */
  readonly writes: number
}

/** The largest number of commands of one call, so that a turn has many calls and a meaningful median. */
const commandsPerCall = 1_024

const count = (number: number): string => number.toLocaleString('en')

export function titleOf({ bytes: [least, most], loops, keys, writes }: Custom): string {
  const what = writes === 0 ? 'GET' : writes === 100 ? 'SET' : `GET and SET, ${100 - writes} to ${writes}`
  const sizes = least === most ? `${count(least)} bytes` : `${count(least)} to ${count(most)} bytes`
  return `${what}, ${sizes}, ${keys === 1 ? '1 key' : `${count(keys)} keys`}, ${loops === 1 ? '1 loop' : `${count(loops)} loops`}`
}

/** The key of a number. */
export const keyOf = (index: number): string => `${prefix}own:${index}`

/** The value of a key: ASCII. Its size depends only on the index, so that it is the same in every run and for every client. */
export function contentOf({ bytes: [least, most] }: Custom, index: number): string {
  return 'x'.repeat(Math.round(least * (most / least) ** fractionOf(index)))
}

/** Numbers from 0 to 1, evenly distributed but not sorted: multiples of the golden ratio. */
const fractionOf = (index: number): number => (index * 0.618033988749895) % 1

/** Creates the workload. Each loop starts at another key. */
export function workloadOf(custom: Custom): Workload {
  const turns = Math.max(1, Math.floor(commandsPerCall / custom.loops))
  const names = range(custom.keys).map(keyOf)
  const values = range(custom.keys).map((index) => contentOf(custom, index))
  const writesAt = (turn: number): boolean =>
    Math.floor(((turn + 1) * custom.writes) / 100) > Math.floor((turn * custom.writes) / 100)
  const { loops } = custom
  const isOneKey = custom.keys === 1 && custom.writes === 0
  return {
    title: titleOf(custom),
    custom,
    count: turns * loops,
    // All loops write at the same time.
    ...(isOneKey && {
      bare: (socket) => {
        const frames = Buffer.from(frame('GET', keyOf(0)).repeat(loops))
        return inTurn(turns, () => socket.exchange(frames, bulkBytes(contentOf(custom, 0).length) * loops))
      },
    }),
    on: (client) => {
      let started = 0
      let sent = 0
      return loopsOf(
        () => {
          started += 1
          // Each loop goes through all keys, starting at its own.
          let at = Math.floor(fractionOf(started) * custom.keys)
          return () => {
            at = (at + 1) % custom.keys
            sent += 1
            const name = names[at] ?? keys.small
            return writesAt(sent % 100) ? client.set(name, values[at] ?? '') : client.get(name)
          }
        },
        { callers: custom.loops, turns },
      )
    },
  }
}

/** Sets the keys of a custom workload. */
export async function prepareCustom(
  custom: Custom,
  call: (name: string, ...args: string[]) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < custom.keys; from += 1_000) {
    const indexes = range(Math.min(1_000, custom.keys - from)).map((index) => from + index)
    await Promise.all(indexes.map((index) => call('SET', keyOf(index), contentOf(custom, index))))
  }
}

const custom = (loops: number, given: Partial<Custom> = {}): Workload =>
  workloadOf({ bytes: [16, 16], loops, keys: 1, writes: 0, ...given })

/** The same GET with few and with many callers, with many keys, and with values of many sizes. */
export const sweepWorkloads: readonly Workload[] = [
  ...[1, 8, 256, 1_024].map((loops) => custom(loops)),
  custom(64, { keys: 10_000 }),
  custom(64, { keys: 1_000, bytes: [16, 16_384], writes: 20 }),
]
