import { Client } from '../src/client.js'
import { systemClock } from '../src/connection/clock.js'
import type { Dial } from '../src/connection/transport.js'
import { resolveOptions } from '../src/options.js'

/**
 * What one GET costs in memory that is allocated, writes and timers: counted, not timed, so that it is the same on any
 * machine. To be run with room for all of it, so that nothing is collected meanwhile:
 * `node --expose-gc --min-semi-space-size=256 --max-semi-space-size=256`. Prints a line of JSON.
 */

const commands = 20_000
const perTick = 1_000
const reply = Buffer.from('$5\r\nvalue\r\n'.repeat(perTick))

let writes = 0
let timers = 0
let owed = 0
const dial: Dial = (_, handler) => {
  let isReady = false
  setImmediate(() => handler.onOpen())
  return {
    write(chunks) {
      writes += 1
      if (isReady) {
        for (const chunk of chunks) owed += chunk.length
        if (owed === perTick * frameLength) {
          owed = 0
          setImmediate(() => handler.onData(reply))
        }
        return 'taken'
      }
      isReady = true
      setImmediate(() => handler.onData(Buffer.from('%0\r\n+OK\r\n+OK\r\n')))
      return 'taken'
    },
    destroy: () => false,
  }
}
const frameLength = Buffer.byteLength('*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n')

const clock = {
  ...systemClock,
  after: (delayMs: number, callback: () => void) => {
    timers += 1
    return systemClock.after(delayMs, callback)
  },
}
const client = new Client(resolveOptions({ timeout: 60_000 }), { dial, clock })
await client.connect()

async function run(count: number): Promise<void> {
  for (let done = 0; done < count; done += perTick) {
    const replies: Promise<unknown>[] = new Array(perTick)
    for (let i = 0; i < perTick; i += 1) replies[i] = client.get('key')
    await Promise.all(replies)
  }
}

// Once, so that code and shapes are there already.
await run(commands)
globalThis.gc?.()
writes = 0
timers = 0
const before = process.memoryUsage()
await run(commands)
const after = process.memoryUsage()
const bytes = (after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers) / commands
console.log(JSON.stringify({ bytesPerCommand: Math.round(bytes), commandsPerWrite: commands / writes, timers }))
client.destroy()
