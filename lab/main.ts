import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DemoServer, findDemoServer } from '../demo/find-server.js'
import { formatTable } from '../demo/table.js'
import { readCommandLine } from '../scripts/command-line.js'
import { createClient } from '../src/index.js'
import { resolveOptions } from '../src/options/resolve.js'
import { readFlags } from './flags.js'
import type { LabTrace, Performance } from './recording/trace.js'
import { renderPage } from './report/page.js'
import { scenarios } from './scenarios/all.js'
import { BuiltInServer } from './server/server.js'
import { summarize } from './summary.js'
import { judgePerformance } from './verdict.js'

/**
 * `npm run lab [-- --only B --client respite --url redis://127.0.0.1:6379 --built-in --out FOLDER]`: scripted failures, played
 * with respite, ioredis and node-redis. Prints a table, and writes a trace (JSON) and a page (HTML). Ends with 0 only when
 * respite is good in all of them.
 */

const help = `npm run lab [-- OPTIONS]: scripted failures with respite, ioredis and node-redis

  --only ID        a scenario; may be repeated; default: all
  --client NAME    respite, ioredis or node-redis; may be repeated; default: all
  --url URL        a server on TCP, without TLS and password; default: one that is found, or the built-in one
  --built-in       the built-in server
  --out FOLDER     for the trace and the page; default: lab/out
  --list           the ids of the scenarios, with their titles
  --help           this text

Exits with 1 if respite is not good in one of them, with 2 if an option is wrong.`

const flags = readCommandLine(
  { help, list: () => scenarios.map(({ id, title }) => `${id.padEnd(20)} ${title}`) },
  (args) => readFlags(args, fileURLToPath(new URL('out', import.meta.url))),
)
const server = flags.isBuiltIn ? await startBuiltIn() : await findDemoServer(flags.url)
assertPlain(server.url)
const environment = [`Server: ${server.description} (${await versionOf(server)}), Node ${process.version}`, packages()]
console.log(`${environment.join('\n')}\n`)

const performances = (await Promise.all(flags.clients.map(play))).flat()
await server.stop()
performances.sort((a, b) => indexOf(a) - indexOf(b))

const trace: LabTrace = { version: 1, environment, performances }
mkdirSync(flags.out, { recursive: true })
writeFileSync(join(flags.out, 'trace.json'), `${JSON.stringify(trace, undefined, 1)}\n`)
writeFileSync(join(flags.out, 'index.html'), renderPage(trace, scenarios))

console.log(`\n${formatTable(['', 'scenario', ...flags.clients], flags.scenarios.map(rowOf))}\n`)
console.log(`Every command, and the bytes on the wire: ${join(flags.out, 'index.html')}`)
const isGood = performances.every((each) => each.client !== 'respite' || judgePerformance(each).isGood)
if (!isGood) console.log('respite was not good in all of them.')
process.exitCode = isGood ? 0 : 1

async function startBuiltIn(): Promise<DemoServer> {
  const builtIn = await BuiltInServer.start()
  const { port } = builtIn
  const url = `redis://127.0.0.1:${port}`
  return { host: '127.0.0.1', port, url, description: 'the built-in server', stop: () => builtIn.stop() }
}

/** The lab reads what passes through its proxy, and speaks to the server on a bare socket beside. */
function assertPlain(url: string): void {
  const { path, tls, password, database } = resolveOptions(url)
  if (path === undefined && tls === undefined && password === undefined && database === 0) return
  throw new TypeError('the lab needs a server on TCP, without TLS and without a password, and its database 0')
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

function packages(): string {
  const versions = ['respite', 'ioredis', 'redis'].map((name) => {
    const path = name === 'respite' ? '../package.json' : `../node_modules/${name}/package.json`
    const { version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }
    return `${name} ${version}`
  })
  return versions.join(', ')
}

/** All scenarios with one client, in a process of its own: an exception there is nobody else's. */
async function play(client: string): Promise<Performance[]> {
  const script = fileURLToPath(new URL('performer.ts', import.meta.url))
  const child = fork(script, [client, server.host, String(server.port), ...flags.scenarios], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const performances: Performance[] = []
  child.on('message', (message) => {
    const performance = message as Performance
    performances.push(performance)
    console.log(`  ${client}: ${performance.scenario}, ${summarize(performance)}`)
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`the process that played ${client} ended with ${code}`)
  return performances
}

function indexOf({ scenario, client }: Performance): number {
  return flags.scenarios.indexOf(scenario) * flags.clients.length + flags.clients.indexOf(client)
}

function rowOf(id: string): string[] {
  const cells = flags.clients.map((client) => {
    const performance = performances.find((each) => each.scenario === id && each.client === client)
    return performance === undefined ? '' : summarize(performance)
  })
  return [id, scenarios.find((each) => each.id === id)?.title ?? '', ...cells]
}
