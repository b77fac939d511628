import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCommandLine } from '../scripts/command-line.js'
import { messageOf } from '../src/errors.js'
import { compareWithBaseline, readBaseline, renderChanges } from './baseline.js'
import { renderChart } from './chart.js'
import { nodeClients } from './clients/all.js'
import { startContenders } from './contender.js'
import { type Flags, help, readFlags } from './flags.js'
import { latencyTitle, measureLatency } from './latency.js'
import { ownVersion, processors, separateCores, versionsOf } from './machine.js'
import { measureMemory, memoryTitle } from './memory.js'
import { measureOnBun } from './on-bun.js'
import { type Results, renderReport } from './report.js'
import { type Measured, measure } from './rounds.js'
import { type Stage, takeStage } from './stage.js'
import { renderSummary } from './summary-chart.js'
import { workloads } from './workloads/all.js'
import { workloadOf } from './workloads/custom.js'
import { bareName, type Workload } from './workloads/workload.js'

/** `npm run bench`: clients on the same server, each in a process of its own, in interleaved rounds. See `--help`. */

/** Of the short form: what most programs do, and what each part of a client shows in. */
const shortTitles: readonly string[] = [
  'GET, bursts of 1,000 in one tick',
  'GET, 64 concurrent loops',
  'SET, 64 concurrent loops',
  'GET, one at a time',
  'Pipelines of 100 GET, one at a time',
  'MULTI of 10 INCR, 20 in one tick',
  'HGETALL of 1,000 fields',
  'GET of 1 MB as Buffer',
]
const shortClients = ['ioredis', 'node-redis']
const glideName = 'valkey-glide'
/** What valkey-glide is measured with on all cores, too. */
const glideTitles = shortTitles.slice(0, 4).filter((title) => !title.startsWith('SET'))

// The exit code: 1 is a loss against the baseline, 2 is anything that prevents the measurement.
const titles = [...workloads.map(({ title }) => title), latencyTitle, memoryTitle]
const flags = readCommandLine({ help, list: () => titles }, (args) => {
  const read = readFlags(args)
  return { ...read, wanted: wantedWorkloads(read), names: wantedClients(read) }
})
process.exitCode = await main().catch((error: unknown) => {
  console.error(`bench: ${messageOf(error)}`)
  return 2
})

async function main(): Promise<0 | 1> {
  const earlier = flags.baseline === undefined ? undefined : readBaseline(flags.baseline)
  const stage = await takeStage(flags.target)
  const interrupted = (): void => void stage.leave().finally(() => process.exit(130))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  let results: Results
  try {
    results = await measureAll(stage, flags.wanted, flags.names, flags)
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await stage.leave()
  }
  const changes = earlier === undefined ? [] : compareWithBaseline(results.measured, earlier)
  if (earlier !== undefined && changes.length === 0) throw new Error('--baseline: it has no workload of this run')
  const report = renderReport(results)
  console.log(flags.json ? JSON.stringify({ ...results, changes }) : report)
  if (changes.length > 0 && !flags.json) console.log(renderChanges(changes))
  if (flags.form === 'smoke') console.error('A smoke run: the figures mean nothing.')
  if (flags.out !== undefined) {
    mkdirSync(flags.out, { recursive: true })
    writeFileSync(join(flags.out, 'clients.md'), report)
    writeFileSync(join(flags.out, 'clients.svg'), renderChart(results.measured, results.environment))
    const summary = renderSummary(results.measured)
    if (summary !== undefined) writeFileSync(join(flags.out, 'summary.svg'), summary)
    writeFileSync(join(flags.out, 'clients.json'), `${JSON.stringify(results)}\n`)
  }
  return changes.some(({ isSlower }) => isSlower) ? 1 : 0
}

function isWanted(title: string, { only }: Flags): boolean {
  return title.includes(only)
}

/** @throws TypeError if nothing is left */
function wantedWorkloads(flags: Flags): readonly Workload[] {
  if (flags.custom !== undefined) return [workloadOf(flags.custom)]
  const all = flags.form === 'short' ? workloads.filter(({ title }) => shortTitles.includes(title)) : workloads
  const found = all.filter(({ title }) => isWanted(title, flags))
  if (found.length > 0 || [latencyTitle, memoryTitle].some((title) => isWanted(title, flags))) return found
  throw new TypeError(`--only: nothing has "${flags.only}" in its title; --list shows what there is`)
}

/** @throws TypeError that names one that does not exist */
function wantedClients({ clients, form }: Flags): readonly string[] {
  for (const name of clients ?? []) {
    if (!nodeClients.includes(name)) throw new TypeError(`--clients: "${name}" is none of ${nodeClients.join(', ')}`)
  }
  const others = clients ?? (form === 'short' ? shortClients : nodeClients)
  return ['respite', ...others.filter((name) => name !== 'respite')]
}

async function measureAll(
  stage: Stage,
  wanted: readonly Workload[],
  clients: readonly string[],
  flags: Flags,
): Promise<Results> {
  const { target } = stage
  const cores = separateCores(stage)
  const announce = (title: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${title}`)
  const measureEach = async (
    some: readonly Workload[],
    entrants: Parameters<typeof startContenders>[0],
    more?: (contenders: Parameters<typeof measureLatency>[0]) => Promise<void>,
  ): Promise<Measured[]> => {
    const { contenders } = await startContenders(entrants, target)
    const measured: Measured[] = []
    for (const workload of some) {
      announce(workload.title)
      if (workload.custom !== undefined) await stage.prepare(workload.custom)
      measured.push(await measure(workload, contenders, flags))
    }
    await more?.(contenders)
    await Promise.all(contenders.map((contender) => contender.close()))
    return measured
  }
  const isWhole = flags.custom === undefined && flags.form !== 'short'
  let latencies: Results['latencies'] = []
  const measured = await measureEach(
    wanted,
    [...clients, bareName].map((name) => ({ name })),
    async (contenders) => {
      if (flags.custom !== undefined || !isWanted(latencyTitle, flags)) return
      announce(latencyTitle)
      latencies = await measureLatency(contenders, flags)
    },
  )
  const glideWorkloads = wanted.filter(
    ({ title }) => isWhole && clients.includes(glideName) && glideTitles.includes(title),
  )
  const glide =
    glideWorkloads.length === 0
      ? []
      : await measureEach(glideWorkloads, [
          { name: glideName },
          { name: glideName, label: `${glideName} on all cores`, allCores: true },
          { name: 'respite' },
        ])
  // It pauses the server, which is not done to others.
  const pauses = isWhole && flags.target === undefined && isWanted(memoryTitle, flags)
  if (pauses) announce(memoryTitle)
  const memory = pauses ? await measureMemory(clients, target) : []
  const onBun = isWhole && wanted.length > 0 ? await measureOnBun(wanted, stage, flags, announce) : undefined
  const environment = [
    `respite ${ownVersion()}, ${versionsOf(['ioredis', 'iovalkey', 'redis', '@valkey/valkey-glide']).join(', ')}`,
    `Node ${process.version}${onBun === undefined ? '' : `, Bun ${onBun.version}`}; ${stage.description}`,
    `${processors()}, ${cores}`,
  ]
  const { rounds, mostRounds, time, precision } = flags
  return { environment, precision: { rounds, mostRounds, time, precision }, measured, latencies, memory, glide, onBun }
}
