import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findDemoServer } from '../demo/find-server.js'
import { createClient } from '../dist/index.js'
import { renderChart } from './chart.js'
import { nodeClients } from './clients/all.js'
import { startContenders } from './contender.js'
import { readFlags } from './flags.js'
import { latencyTitle, measureLatency } from './latency.js'
import { isLocal, ownVersion, processors, separateCores, versionsOf } from './machine.js'
import { measureMemory, memoryTitle } from './memory.js'
import { measureOnBun } from './on-bun.js'
import { type Results, renderReport } from './report.js'
import { type Measured, measure } from './rounds.js'
import { workloads } from './workloads/all.js'
import { prepare } from './workloads/data.js'
import { bareName } from './workloads/workload.js'

/**
 * `npm run bench [-- --rounds 7] [--time 300] [--only TEXT] [--quick] [--out FOLDER]`: every client on the same server, each
 * in a process of its own, in interleaved rounds; the median of the rounds, and its ratio to the others.
 */

const flags = readFlags(process.argv.slice(2), fileURLToPath(new URL('results', import.meta.url)))
const isWanted = (title: string): boolean => title.includes(flags.only)
const announce = (title: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${title}`)

const server = await findDemoServer(process.env.RESPITE_BENCH_URL)
if (!isLocal(server.host))
  throw new Error('the server must be on this machine: a network would be measured, not the clients')
const cores = separateCores(server)
const admin = createClient({ host: server.host, port: server.port })
await prepare((name, ...args) => admin.call(name, ...args))
const serverVersion = /(valkey|redis)_version:(\S+)/.exec(await admin.info('server'))
await admin.close()

const { contenders } = await startContenders(
  [...nodeClients, bareName].map((name) => ({ name })),
  server.port,
)
const wanted = workloads.filter(({ title }) => isWanted(title))
const measured: Measured[] = []
for (const workload of wanted) {
  announce(workload.title)
  measured.push(await measure(workload, contenders, flags))
}
if (isWanted(latencyTitle)) announce(latencyTitle)
const latencies = isWanted(latencyTitle) ? await measureLatency(contenders, flags) : []
await Promise.all(contenders.map((contender) => contender.close()))

if (isWanted(memoryTitle)) announce(memoryTitle)
const memory = isWanted(memoryTitle) ? await measureMemory(nodeClients, server.port) : []
const onBun = wanted.length > 0 ? await measureOnBun(wanted, server.port, flags, announce) : undefined
await server.stop()

const environment = [
  `respite ${ownVersion()}, ${versionsOf(['ioredis', 'iovalkey', 'redis', '@valkey/valkey-glide']).join(', ')}`,
  `Node ${process.version}${onBun === undefined ? '' : `, Bun ${onBun.version}`}; ${serverVersion?.slice(1).join(' ') ?? 'unknown server'}`,
  `${processors()}, ${cores}`,
]
const results: Results = { environment, rounds: flags.rounds, time: flags.time, measured, latencies, memory, onBun }
const report = renderReport(results)
console.log(report)
if (flags.quick) console.log('A smoke run: the figures mean nothing.')
if (flags.out !== undefined) {
  mkdirSync(flags.out, { recursive: true })
  writeFileSync(join(flags.out, 'clients.md'), report)
  writeFileSync(join(flags.out, 'clients.svg'), renderChart(measured, environment))
}
