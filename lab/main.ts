import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DemoServer, findDemoServer } from '../demo/find-server.js'
import { formatTable } from '../demo/table.js'
import { leave } from '../scripts/at-end.js'
import { distinct, mustBeWritable, readCommandLine, required } from '../scripts/command-line.js'
import { createClient } from '../src/index.js'
import { resolveOptions } from '../src/options/resolve.js'
import { clients, loadClient, nameOf, packages } from './clients/all.js'
import { mustFindBun } from './clients/bun.js'
import { defaultClients, readFlags } from './flags.js'
import { clusterProgram } from './lab-cluster.js'
import { type Server, targetOf } from './perform.js'
import type { Job } from './performer.js'
import { Monitor } from './recording/monitor.js'
import type { LabTrace, Performance } from './recording/trace.js'
import { combineRuns, resultOf } from './repetition.js'
import { renderPage } from './report/page.js'
import { scenarios as known } from './scenarios/all.js'
import { loadScenario } from './scenarios/load-scenario.js'
import type { Scenario } from './scenarios/scenario.js'
import { BuiltInServer } from './server/server.js'
import { summarize } from './summary.js'

/**
 * `npm run lab [-- --only B --scenario FILE --client respite --client FILE --url redis://127.0.0.1:6379 --built-in --out FOLDER]`:
 * scripted failures, with respite and other clients. Prints a table, and writes a trace (JSON) and a page (HTML). Its exit code is
 * 0 only if respite is good in every scenario.
 */

const help = `npm run lab [-- OPTIONS]: scripted failures with respite and other clients

  --only ID        a scenario; may be repeated; default: all
  --scenario FILE  a scenario from a file; may be repeated
  --client NAME    ${Object.keys(clients).join(', ')}, all, or a file that makes a client;
                   may be repeated; default: ${defaultClients.join(', ')}
  --repeat N       runs each scenario so often, and tells which results differ; default: 1
  --url URL        a server; default: one that is found, or the built-in one
  --built-in       the built-in server; failover and migration have servers of their own; excludes --url
  --out FOLDER     for the trace and the page; default: lab/out
  --serve          serves a page in which you run schedules of your own, and writes it to FOLDER/play.html;
                   takes no other option than --out
  --list           the ids of the scenarios, with their titles
  --help           this text

Exits with 1 if respite is not good in one of them, with 2 if an option is wrong or a client can't be run.`

/** More processes at once would disturb each other's times. */
const mostProcesses = 9
/** Each of these has six servers, which must not take each other for dead. */
const mostClusters = 2

const flags = readCommandLine({ help, list: () => known.map(({ id, title }) => `${id.padEnd(20)} ${title}`) }, (args) =>
  readFlags(args, fileURLToPath(new URL('out', import.meta.url))),
)
/** What a run writes. */
const [traceFile, pageFile] = [join(flags.out, 'trace.json'), join(flags.out, 'index.html')]
if (flags.serves) {
  const { servePlayPage } = await import('./browser/serve.js')
  const { url, file } = await required('lab', () => servePlayPage(flags.out))
  console.log(`The failure lab in your browser: ${url} (Ctrl-C ends it), and as a file: ${file}`)
  await once(process, 'SIGINT')
  process.exit(0)
}

await mustBeWritable(traceFile, pageFile)
const asked = await required('lab', async () => {
  // Each runs in processes of its own; here, only to know that it can be loaded.
  for (const client of flags.clients) await loadClient(client)
  const loaded = await Promise.all(flags.scenarios.map(async (name) => ({ name, scenario: await loadScenario(name) })))
  distinct(
    'scenario',
    loaded.map(({ scenario }) => scenario.id),
  )
  return loaded
})
const played = asked.filter(({ scenario }) => scenario.isInCluster !== true || clusterProgram() !== undefined)
const leftOut = asked.filter((each) => !played.includes(each)).map(({ name }) => name)
if (leftOut.length > 0)
  console.log(`Left out, since no redis-server or valkey-server is on the PATH: ${leftOut.join(', ')}`)
const scenarios = played.map(({ scenario }) => scenario)
const names = flags.clients.map(nameOf)
const server = flags.isBuiltIn ? await startBuiltIn() : await findDemoServer(flags.url)
const address = addressOf(server)
const [serverVersion, clientVersions] = await required('lab', async () => {
  const known = [await versionOf(server), versions()] as const
  // Without MONITOR, the lab can't see what the server ran.
  const monitor = await Monitor.start(targetOf(address), () => {}, address)
  monitor.stop()
  return known
})
const environment = [
  `Server: ${server.description} (${serverVersion}), Node ${process.version}`,
  clientVersions,
  ...(flags.repeat > 1 ? [`${flags.repeat} runs of each scenario`] : []),
]
console.log(`${environment.join('\n')}\n`)

const [inCluster, others] = [true, false].map((is) =>
  played.filter(({ scenario }) => (scenario.isInCluster === true) === is).map(({ name }) => name),
) as [string[], string[]]
const parts = flags.clients.flatMap((client) => split(others).map((part) => () => play(client, part)))
const clusterParts = flags.clients.flatMap((client) => inCluster.map((name) => () => play(client, [name])))
const repeated = <T>(tasks: readonly T[]): T[] => Array.from({ length: flags.repeat }, () => tasks).flat()
/** Processes that ended before they had run all of their scenarios. */
const failures: string[] = []
const all = [
  ...(await runAll(repeated(parts), mostProcesses)),
  ...(await runAll(repeated(clusterParts), mostClusters)),
].flat()
const performances = combineRuns(all)
await server.stop()
if (performances.length === 0 && failures.length > 0) {
  console.error(failures[0])
  await leave(2)
}
performances.sort((a, b) => indexOf(a) - indexOf(b))

const trace: LabTrace = { version: 1, environment, performances }
writeFileSync(traceFile, `${JSON.stringify(trace, undefined, 1)}\n`)
writeFileSync(pageFile, renderPage(trace, scenarios))

console.log(`\n${formatTable(['', 'scenario', ...names], scenarios.map(rowOf))}\n`)
console.log(`Every command, and the bytes on the wire: ${pageFile}`)
const isGood = performances.every((each) => each.client !== 'respite' || resultOf(each).isGood)
if (!isGood) console.log('respite was not good in all of them.')
for (const failure of new Set(failures)) console.error(failure)
// What a client's module has left behind must not keep the process alive.
await leave(failures.length > 0 ? 2 : isGood ? 0 : 1)

async function startBuiltIn(): Promise<DemoServer> {
  const builtIn = await BuiltInServer.start()
  const { port } = builtIn
  const url = `redis://127.0.0.1:${port}`
  return { host: '127.0.0.1', port, url, description: 'the built-in server', stop: () => builtIn.stop() }
}

function addressOf({ url }: DemoServer): Server {
  const { host, port, path, tls, username, password, database } = resolveOptions(url)
  return { host, port, path, tls, username, password, database }
}

async function versionOf({ url }: DemoServer): Promise<string> {
  const client = createClient(url, { connectDeadline: 3_000 })
  try {
    const [, name = '', version = ''] = /(valkey|redis)_version:(\S+)/.exec(await client.info('server')) ?? []
    return `${name} ${version}`
  } finally {
    await client.close()
  }
}

function versions(): string {
  const versionOfPackage = (path: string): string => {
    const text = readFileSync(new URL(path, import.meta.url), 'utf8')
    return (JSON.parse(text) as { version: string }).version
  }
  const installed = flags.clients.flatMap((client) => {
    if (client === 'bun') return [`Bun ${execFileSync(mustFindBun(), ['--version'], { encoding: 'utf8' }).trim()}`]
    const name = packages[client]
    return name === undefined ? [] : [`${name} ${versionOfPackage(`../node_modules/${name}/package.json`)}`]
  })
  return [`respite ${versionOfPackage('../package.json')}`, ...installed].join(', ')
}

/** Most of the time of a scenario is waiting: some of them run at once. */
function split(all: readonly string[]): string[][] {
  const count = Math.min(3, all.length)
  return Array.from({ length: count }, (_, part) => all.filter((_each, i) => i % count === part))
}

async function runAll<T>(tasks: readonly (() => Promise<T>)[], most: number): Promise<T[]> {
  const results: T[] = []
  const queue = [...tasks]
  const work = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) results.push(await task())
  }
  await Promise.all(Array.from({ length: most }, work))
  return results
}

/** Some scenarios with one client, in a separate process: its exceptions must not affect the others. */
async function play(client: string, part: readonly string[]): Promise<Performance[]> {
  const script = fileURLToPath(new URL('performer.ts', import.meta.url))
  const child = fork(script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  child.send({ client, server: address, scenarios: part } satisfies Job)
  const performances: Performance[] = []
  child.on('message', (message) => {
    const performance = message as Performance
    performances.push(performance)
    console.log(`  ${performance.client}: ${performance.scenario}, ${summarize(performance)}`)
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0)
    failures.push(`lab: the process that ran ${client} ended with ${code}: its other scenarios are missing`)
  return performances
}

function indexOf({ scenario, client }: Performance): number {
  return scenarios.findIndex(({ id }) => id === scenario) * names.length + names.indexOf(client)
}

function rowOf({ id, title }: Scenario): string[] {
  const cells = names.map((client) => {
    const performance = performances.find((each) => each.scenario === id && each.client === client)
    return performance === undefined ? '' : resultOf(performance).text
  })
  return [id, title, ...cells]
}
