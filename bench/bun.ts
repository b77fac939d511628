// Run by Bun, which on-bun.ts starts: bun bench/bun.ts PORT ROUNDS TIME ONLY
// Measures Bun's own client and respite, both on Bun. Prints what was measured as JSON in its last line.

import { BareSocket } from './clients/bare-socket.js'
import { bun, connectBun } from './clients/bun.js'
import { connectRespite } from './clients/respite.js'
import type { OnBun } from './on-bun.js'
import { type Measured, measure } from './rounds.js'
import { verify } from './verify.js'
import { workloads } from './workloads/all.js'

const [port = '', rounds = '', time = '', only = ''] = process.argv.slice(2)
const clients = [await connectRespite(Number(port)), await connectBun(Number(port))]
for (const client of clients) await verify(client)
const bare = await BareSocket.connect(Number(port))

const measured: Measured[] = []
for (const workload of workloads) {
  if (!workload.title.includes(only)) continue
  console.error(`Bun: ${workload.title}`)
  // Targets are about Node.
  const pace = { rounds: Number(rounds), time: Number(time) }
  measured.push({ ...(await measure(workload, clients, bare, pace)), targets: {} })
}
bare.close()
await Promise.all(clients.map((client) => client.close()))
console.log(JSON.stringify({ version: bun?.version, measured } satisfies { [Key in keyof OnBun]: unknown }))
