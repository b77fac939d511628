// Run by memory.ts, a process for each client, with --expose-gc: memory-child.ts CLIENT COUNT
// Prints the memory of that many unanswered commands of the client as JSON, or {} if the client is not installed.

import { connectors } from './clients/all.js'
import { measureHeld } from './held.js'
import { givenTarget } from './target.js'

const [name = '', count = ''] = process.argv.slice(2)
const target = givenTarget()
const client = await connectors[name]?.(target)
console.log(JSON.stringify(client === undefined ? {} : await measureHeld(client, target, Number(count))))
await client?.close()
