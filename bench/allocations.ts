import { connectInMemory } from './in-memory.js'

/**
 * What one GET costs in memory that is allocated, writes and timers: counted, not timed, so that it is the same on any
 * machine. To be run with room for all of it, so that nothing is collected meanwhile:
 * `node --expose-gc --min-semi-space-size=256 --max-semi-space-size=256`. Prints a line of JSON.
 */

const commands = 20_000

const { client, run, counts } = await connectInMemory()
// Once, so that code and shapes are there already.
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
