import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { mustBeWritable, readCommandLine, wholeNumber, withTitle } from '../../scripts/command-line.js'
import { slotOfKey } from '../../src/commands/slots.js'
import { messageOf } from '../../src/errors.js'
import { type ClusterSetup, startCluster } from '../../test/support/cluster.js'
import { anyProgram } from '../../test/support/server.js'
import { Channel } from '../channel.js'
import { compile } from '../compile.js'
import { ownVersion, processors, separateCores, versionsOf } from '../machine.js'
import type { ClusterCall } from './child.js'
import { measurePipelines } from './pipelines.js'
import { probe } from './prober.js'
import { type Contender, measureRates } from './rates.js'
import { recoveriesOf } from './recoveries.js'
import { type ClusterResults, type Kill, missed, type Rates, renderCluster, titles } from './report.js'
import { bursts, keys, loops, workloads } from './workloads.js'

/** `npm run bench:cluster`: respite in a cluster, beside itself on one node and beside other clients. See `--help`. */

const help = `npm run bench:cluster [-- OPTIONS]: respite in a cluster that is started here; about 5 minutes

  --only TEXT   only the parts with TEXT in their title
  --rounds N    rounds of each client; default 15, at least 2
  --time MS     length of a client's turn in a round, after as long a turn that is not measured; default 100
  --kills N     masters that are killed; default 5
  --out FILE    write the report to FILE, such as bench/results/cluster.md; without it, nothing is written
  --list        the titles, for --only
  --help        this text

Exits with 1 if createCluster is certainly slower than its target, with 2 if an option is wrong or nothing can be measured.`

/** How long a client has to recover, in milliseconds, from the moment at which the servers have. */
const patienceMs = 15_000

/** Pipelines of a client in a round. */
const pipelineCount = 20

/** The label of each client that is compared, and the name of its connector. */
const clients = { respite: 'respite', ioredis: 'ioredis', 'node-redis': 'node-redis' }

const flags = readCommandLine({ help, list: () => Object.values(titles) }, (args) => {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '15' },
      time: { type: 'string', default: '100' },
      kills: { type: 'string', default: '5' },
      out: { type: 'string' },
    },
  })
  const { only, out } = values
  withTitle(
    Object.values(titles).map((title) => ({ title })),
    only,
  )
  const rounds = wholeNumber('rounds', values.rounds, 2)
  return { only, out, rounds, time: wholeNumber('time', values.time), kills: wholeNumber('kills', values.kills) }
})
if (flags.out !== undefined) await mustBeWritable(flags.out)
process.exitCode = await main().catch((error: unknown) => {
  console.error(`bench:cluster: ${messageOf(error)}`)
  return 2
})

async function main(): Promise<0 | 1> {
  const program = anyProgram()
  let environment: readonly string[] = []
  const part = async <T>(
    title: string,
    size: { readonly masters: number; readonly replicas: number },
    measure: (setup: ClusterSetup) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => {
    if (!title.includes(flags.only)) return []
    console.error(`${new Date().toISOString().slice(11, 19)} ${title}`)
    const setup = await startCluster(program, size)
    try {
      environment = await separate(setup)
      return await measure(setup)
    } finally {
      await setup.stop()
    }
  }
  const three = { masters: 3, replicas: 0 }
  const measured = {
    one: await part(titles.one, { masters: 1, replicas: 0 }, measureOne),
    three: await part(titles.three, three, measureThree),
    pipelines: await part(titles.pipelines, three, (setup) =>
      measurePipelines(() => startContenders(setup, clients), { rounds: flags.rounds, count: pipelineCount }),
    ),
    kills: await part(titles.recovery, { masters: 3, replicas: 1 }, measureKills),
  }
  const results: ClusterResults = { environment, ...measured }
  const report = renderCluster(results)
  console.log(report)
  if (flags.out !== undefined) writeFileSync(flags.out, report)
  return missed(results).length > 0 ? 1 : 0
}

/** Gives the servers one core, and the clients another. @returns lines for the report */
async function separate(setup: ClusterSetup): Promise<readonly string[]> {
  let cores = ''
  let version: RegExpExecArray | null = null
  for (const index of setup.servers.keys()) {
    const info = await setup.admin(index).info('server')
    cores = separateCores({ pid: Number(/process_id:(\d+)/.exec(info)?.[1]) })
    version = /(valkey|redis)_version:(\S+)/.exec(info)
  }
  return [
    `respite ${ownVersion()}, ${versionsOf(['ioredis', 'redis']).join(', ')}`,
    `Node ${process.version}; ${version?.slice(1).join(' ') ?? 'unknown server'}, all servers on this machine`,
    `${processors()}, ${cores}`,
    `${flags.rounds} rounds of ${flags.time} ms, each in new processes; the clients take turns`,
  ]
}

/** Starts clients, each in a new process. @param names the label of each, and the name of its connector */
async function startContenders(
  { servers }: ClusterSetup,
  names: Readonly<Record<string, string>>,
): Promise<readonly Contender[]> {
  const script = await compile('cluster/child')
  const ports = JSON.stringify(servers.map(({ port }) => port))
  const contenders: Contender[] = []
  try {
    for (const [label, name] of Object.entries(names)) {
      const channel = new Channel<ClusterCall>(label, { script, args: [name, ports] })
      contenders.push({ label, channel })
      await channel.answer()
    }
    return contenders
  } catch (error) {
    await end(contenders)
    throw error
  }
}

/** A declared function: `main` runs before constants below it have a value. */
function end(contenders: readonly Contender[]): Promise<unknown> {
  return Promise.all(contenders.map(({ channel }) => channel.end({ kind: 'close' })))
}

/** Starts all clients, and ends them in any case. */
async function withContenders<T>(
  setup: ClusterSetup,
  use: (contenders: readonly Contender[]) => Promise<T>,
): Promise<T> {
  const contenders = await startContenders(setup, clients)
  try {
    return await use(contenders)
  } finally {
    await end(contenders)
  }
}

function measureOne(setup: ClusterSetup): Promise<readonly Rates[]> {
  const names = { createClient: 'createClient', createCluster: 'respite' }
  return measureRates(() => startContenders(setup, names), workloads, flags)
}

function measureThree(setup: ClusterSetup): Promise<readonly Rates[]> {
  return measureRates(() => startContenders(setup, clients), [bursts, loops], flags)
}

async function measureKills(setup: ClusterSetup): Promise<readonly Kill[]> {
  return withContenders(setup, async (contenders) => {
    const kills: Kill[] = []
    for (let round = 0; round < flags.kills; round += 1) kills.push(await kill(setup, contenders))
    return kills
  })
}

async function kill(setup: ClusterSetup, contenders: readonly Contender[]): Promise<Kill> {
  const key = keys[0] as string
  const master = await ownerOf(setup, key)
  for (const { channel } of contenders) await channel.ask({ kind: 'write', key })
  await sleep(1_000)
  const killedAt = now()
  await setup.servers[master]?.kill('SIGKILL')
  const deadAt = now()
  const others = setup.servers.filter((_, index) => index !== master).map(({ port }) => port)
  const promotedAt = await probe(others, key)
  const clients = await recoveriesOf(contenders, { killedAt, deadAt, until: promotedAt + patienceMs })
  await heal(setup, master)
  return { servers: promotedAt - killedAt, clients }
}

/** The killed server comes back as a replica. */
async function heal(setup: ClusterSetup, killed: number): Promise<void> {
  await setup.servers[killed]?.restart()
  for (const index of setup.servers.keys()) {
    await setup.until(async () =>
      (await setup.admin(index).call<string>('CLUSTER', 'INFO')).includes('cluster_state:ok'),
    )
  }
  await separate(setup)
  await setup.until(async () => {
    const info = await setup.admin(killed).info('replication')
    return info.includes('role:slave') && info.includes('master_link_status:up')
  })
}

async function ownerOf(setup: ClusterSetup, key: string): Promise<number> {
  const slot = slotOfKey(key)
  const ranges = await setup.admin(0).call<[number, number, [string, number]][]>('CLUSTER', 'SLOTS')
  const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1]
  return setup.servers.findIndex((server) => server.port === port)
}

function now(): number {
  return performance.timeOrigin + performance.now()
}
