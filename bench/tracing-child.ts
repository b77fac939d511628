// Run by tracing.ts: tracing-child.ts with|without
// Prints the nanoseconds of processor time that a GET takes without a network, with or without the check of the tracing channels.

import { Diagnostics } from '../src/dispatch/diagnostics.js'
import { connectInMemory } from './in-memory.js'

const commands = 1_000_000

if (process.argv[2] === 'without') Object.defineProperty(Diagnostics.prototype, 'isTracing', { value: false })
const { client, run } = await connectInMemory()
await run(commands / 5)
const before = process.cpuUsage()
await run(commands)
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify(((user + system) * 1_000) / commands))
client.destroy()
