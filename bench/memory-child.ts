// Run by memory.ts, a process for each client, with --expose-gc: memory-child.ts CLIENT PORT COUNT
// Prints what that many unanswered commands of the client hold, as JSON; {} where the client is not installed.

import { connectors } from './clients/all.js'
import { measureHeld } from './held.js'

const [name = '', port = '', count = ''] = process.argv.slice(2)
const client = await connectors[name]?.(Number(port))
console.log(JSON.stringify(client === undefined ? {} : await measureHeld(client, Number(port), Number(count))))
await client?.close()
