import { connectInMemory } from './in-memory.js'

/**
 * Counts what one GET needs: allocated bytes, writes and timers. The counts are the same on every machine. The process needs enough
 * memory to run without garbage collection:
 * `node --expose-gc --min-semi-space-size=256 --max-semi-space-size=256`. Prints a line of JSON.
 */

const commands = 20_000

const { client, run, counts } = await connectInMemory()
// Once before, so that code and object shapes exist already.
await run(commands)
globalThis.gc?.()
counts.writes = 0
counts.timers = 0
const before = process.memoryUsage()
await run(commands)
const after = process.memoryUsage()
const { writes, timers } = counts
const bytes = (after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers) / commands
console.log(JSON.stringify({ bytesPerCommand: Math.round(bytes), commandsPerWrite: commands / writes, timers }))
client.destroy()
