import { Client } from '../src/client.js'
import type { Clock } from '../src/connection/timing/clock.js'
import type { Dial } from '../src/connection/transport/transport.js'
import { systemEnvironment } from '../src/core/environment.js'

/** GETs that are sent together; their replies arrive as one chunk. */
export const perTick = 1_000

const reply = Buffer.from('$5\r\nvalue\r\n'.repeat(perTick))
const frameLength = Buffer.byteLength('*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n')

/** A client on a transport that answers GETs of `key` from memory, to measure the client alone. */
export interface InMemory {
  readonly client: Client
  /** Sends `count` GETs, `perTick` at a time, and waits for their replies. */
  run(count: number): Promise<void>
  /** Writes and timers since the counts were set to 0. */
  readonly counts: { writes: number; timers: number }
}

/** Connects one, with a time limit for every command. */
export async function connectInMemory(): Promise<InMemory> {
  const counts = { writes: 0, timers: 0 }
  let owed = 0
  const dial: Dial = (_, handler) => {
    let isReady = false
    setImmediate(() => handler.onOpen())
    return {
      writableLength: 0,
      write(chunks) {
        counts.writes += 1
        if (isReady) {
          for (const chunk of chunks) owed += chunk.length
          if (owed === perTick * frameLength) {
            owed = 0
            setImmediate(() => handler.onData(reply))
          }
          return 'taken'
        }
        isReady = true
        setImmediate(() => handler.onData(Buffer.from('%0\r\n+OK\r\n+OK\r\n$0\r\n\r\n$0\r\n\r\n')))
        return 'taken'
      },
      destroy: () => false,
    }
  }
  const { clock: system } = systemEnvironment()
  const clock: Clock = {
    ...system,
    after: (delayMs, callback) => {
      counts.timers += 1
      return system.after(delayMs, callback)
    },
  }
  const client = new Client({ timeout: 60_000 }, undefined, { dial, clock })
  await client.connect()
  const run = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += perTick) {
      const replies: Promise<unknown>[] = new Array(perTick)
      for (let i = 0; i < perTick; i += 1) replies[i] = client.get('key')
      await Promise.all(replies)
    }
  }
  return { client, run, counts }
}
