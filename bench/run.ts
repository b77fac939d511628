import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { Bench } from 'tinybench'
import { findDemoServer } from '../demo/find-server.js'
import { createClient } from '../dist/index.js'
import { findBinary } from '../scripts/find-server.js'
import { BareSocket, connectAll } from './clients.js'
import { prepare, type Workload, workloads } from './workloads.js'

/**
 * `npm run bench [-- --rounds 7] [--time 300] [--only TEXT]`: every client on the same server, in interleaved rounds; the
 * median of the rounds, and its ratio to the others.
 */

function flag(name: string, fallback: string): string {
  const index = process.argv.indexOf(`--${name}`)
  return index === -1 ? fallback : (process.argv[index + 1] ?? fallback)
}

const rounds = Number(flag('rounds', '7'))
const time = Number(flag('time', '300'))
const only = flag('only', '')

const server = await findDemoServer(process.env.RESPITE_BENCH_URL)
const cores = separateCores()
const clients = await connectAll(server.port)
const bare = await BareSocket.connect(server.port)
const admin = createClient({ host: server.host, port: server.port })
const [respite] = clients
if (respite === undefined) throw new Error('no client')
await prepare(respite, (name, ...args) => admin.call(String(name), ...args))
const serverVersion = /(?:valkey|redis)_version:(\S+)/.exec(await admin.info('server'))?.[0] ?? 'unknown'

const report: string[] = [heading()]
for (const workload of workloads.filter(({ title }) => title.includes(only))) report.push(await measure(workload))

const text = report.join('\n')
console.log(text)
if (only === '') writeFileSync(new URL('results/clients.md', import.meta.url), `${text}\n`)
bare.close()
await Promise.all([...clients.map((client) => client.close()), admin.close()])
await server.stop()

/** Gives server and client a core each, where there are two and Linux lets us. */
function separateCores(): string {
  const pid = /started on port/.test(server.description) ? server.pid : undefined
  if (pid === undefined || cpus().length < 2 || findBinary('taskset') === undefined) return 'not pinned to cores'
  execFileSync('taskset', ['-acp', '1', String(pid)], { stdio: 'ignore' })
  execFileSync('taskset', ['-acp', '0', String(process.pid)], { stdio: 'ignore' })
  return 'client on core 0, server on core 1'
}

async function measure(workload: Workload): Promise<string> {
  const rates = new Map<string, number[]>()
  for (let round = 0; round < rounds; round += 1) {
    const bench = new Bench({ time, warmup: round === 0, warmupTime: 100 })
    for (const client of clients) bench.add(client.name, () => workload.run(client) as Promise<void>)
    if (workload.bare !== undefined) bench.add('bare socket', () => workload.bare?.(bare) as Promise<void>)
    await bench.run()
    for (const { name, result } of bench.tasks) {
      if (result.state !== 'completed') throw new Error(`${workload.title}: ${name} ${result.state}`)
      const rate = (1_000 / result.latency.p50) * workload.commands
      rates.set(name, [...(rates.get(name) ?? []), rate])
    }
  }
  return table(workload, rates)
}

function table(workload: Workload, rates: ReadonlyMap<string, readonly number[]>): string {
  const medians = new Map([...rates].map(([name, values]) => [name, quantile(values, 0.5)]))
  const own = medians.get('respite') ?? 0
  const others = [...medians].filter(([name]) => name !== 'respite' && name !== 'bare socket')
  const fastest = others.reduce((best, other) => (other[1] > best[1] ? other : best))
  const lines = [
    `\n## ${workload.title}\n`,
    '| client | commands/s | spread | respite is | target |',
    '| --- | ---: | --- | ---: | --- |',
  ]
  for (const [name, values] of rates) {
    const median = medians.get(name) ?? 0
    const ratio = own / median
    const target = workload.targets[name] ?? (name === fastest[0] ? workload.targets.fastest : undefined)
    const verdict = target === undefined ? '' : `${target}x: ${ratio >= target ? 'met' : 'NOT met'}`
    const spread = `${format(quantile(values, 0))} to ${format(quantile(values, 1))}`
    lines.push(
      `| ${name} | ${format(median)} | ${spread} | ${name === 'respite' ? '' : `${ratio.toFixed(2)}x`} | ${verdict} |`,
    )
  }
  return lines.join('\n')
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.round((sorted.length - 1) * q)] ?? 0
}

function format(rate: number): string {
  return rate >= 10_000 ? `${(rate / 1_000).toFixed(0)} k` : rate.toFixed(0)
}

function heading(): string {
  const version = (name: string): string => {
    const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
    return `${name} ${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`
  }
  const peers = ['ioredis', 'iovalkey', '@redis/client'].map(version).join(', ')
  return [
    '# Clients side by side',
    '',
    `Node ${process.version}, ${peers}; ${serverVersion}; ${cpus()[0]?.model}, ${cpus().length} cores, ${cores}.`,
    `Median of ${rounds} interleaved rounds of ${time} ms for each client (in a round: the median call); spread: slowest and`,
    'fastest round. The machine is shared: the ratios within one run mean more than the figures.',
  ].join('\n')
}
