import { withTitle } from '../scripts/command-line.js'
import { nodeClients } from './clients/all.js'
import { type Entrant, startContenders } from './contender.js'
import type { Flags } from './flags.js'
import { latencyTitle, measureLatency } from './latency.js'
import { ownVersion, processors, separateCores, versionsOf } from './machine.js'
import { measureMemory, memoryTitle } from './memory.js'
import { measureOnBun } from './on-bun.js'
import type { Results } from './results.js'
import { type Measured, measure } from './rounds.js'
import { openTls } from './secure.js'
import type { Stage } from './stage.js'
import type { Target } from './target.js'
import { workloads } from './workloads/all.js'
import { workloadOf } from './workloads/custom.js'
import { bareName, type Workload } from './workloads/workload.js'

/** Of the short form: what most programs do, and at least one workload for each part of a client. */
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
/** The workloads that valkey-glide also runs on all cores. */
const glideTitles = ['GET, bursts of 1,000 in one tick', 'GET, 64 concurrent loops', 'GET, one at a time']
/** The workloads that also run over TLS. */
const tlsTitles = [...glideTitles, 'SET of 64 kB Buffers, 100 in one tick', 'GET of 1 MB as Buffer']

/** The titles that `--only` is compared with. */
export const titles: readonly string[] = [...workloads.map(({ title }) => title), latencyTitle, memoryTitle]

/** What the flags ask for. */
export interface Wanted {
  readonly workloads: readonly Workload[]
  /** Names of clients, respite first. */
  readonly clients: readonly string[]
}

/** @throws TypeError if nothing is left to be measured, or if there is no client of that name */
export function wantedBy(flags: Flags): Wanted {
  for (const name of flags.clients ?? []) {
    if (!nodeClients.includes(name)) {
      throw new TypeError(`--clients: there is no "${name}"; there are ${nodeClients.join(', ')}`)
    }
  }
  const others = flags.clients ?? (flags.form === 'short' ? shortClients : nodeClients)
  return { workloads: wantedWorkloads(flags), clients: ['respite', ...others.filter((name) => name !== 'respite')] }
}

function wantedWorkloads(flags: Flags): readonly Workload[] {
  if (flags.custom !== undefined) return [workloadOf(flags.custom)]
  const all = flags.form === 'short' ? workloads.filter(({ title }) => shortTitles.includes(title)) : workloads
  const others = measuresMemory(flags) ? [latencyTitle, memoryTitle] : [latencyTitle]
  withTitle([...all, ...others.map((title) => ({ title }))], flags.only)
  return all.filter(({ title }) => isWanted(title, flags))
}

/** This pauses the server, which is not done to a server of the user; and it is too long for the short form. */
const measuresMemory = ({ custom, form, target }: Flags): boolean =>
  custom === undefined && form !== 'short' && target === undefined

const isWanted = (title: string, { only }: Flags): boolean => title.includes(only)

const announce = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`)

/**
 * Measures everything that is wanted on a server.
 *
 * @param keep called with the results so far after each part, so that a failure does not lose the parts before it
 */
export async function measureAll(
  stage: Stage,
  wanted: Wanted,
  flags: Flags,
  keep: (results: Results) => void,
): Promise<Results> {
  const { target } = stage
  const { clients } = wanted
  const cores = separateCores(stage)
  const isWhole = flags.custom === undefined && flags.form !== 'short'
  const ofTitles = (some: readonly string[]): readonly Workload[] =>
    isWhole ? wanted.workloads.filter(({ title }) => some.includes(title)) : []
  const everybody: readonly Entrant[] = [...clients, bareName].map((name) => ({ name }))
  const { rounds, mostRounds, time, precision } = flags
  let results: Results = {
    environment: [
      `respite ${ownVersion()}, ${versionsOf(['ioredis', 'iovalkey', 'redis', '@valkey/valkey-glide']).join(', ')}`,
      `Node ${process.version}; ${stage.description}`,
      `${processors()}, ${cores}`,
    ],
    precision: { rounds, mostRounds, time, precision },
    measured: [],
    latencies: [],
    memory: [],
    glide: [],
    tls: [],
  }
  const add = (part: Partial<Results>): void => {
    results = { ...results, ...part }
    keep(results)
  }
  add({ measured: await measureOn(stage, { workloads: wanted.workloads, entrants: everybody }, flags) })
  if (flags.custom === undefined && isWanted(latencyTitle, flags)) {
    add({ latencies: await latenciesOf(everybody, target, flags) })
  }
  if (measuresMemory(flags) && isWanted(memoryTitle, flags)) {
    announce(memoryTitle)
    add({ memory: await measureMemory(clients, target) })
  }
  // A server of the user is measured over TLS if its URL says so.
  if (flags.target === undefined) add({ tls: await measureTls(stage, ofTitles(tlsTitles), everybody, flags) })
  if (clients.includes(glideName)) {
    const entrants = [
      { name: glideName },
      { name: glideName, label: `${glideName} on all cores`, allCores: true },
      { name: 'respite' },
    ]
    const group = { name: 'valkey-glide on all cores', workloads: ofTitles(glideTitles), entrants }
    add({ glide: withoutTargets(await measureOn(stage, group, flags)) })
  }
  if (isWhole && wanted.workloads.length > 0) {
    const onBun = await measureOnBun(async (entrants, name) =>
      withoutTargets(await measureOn(stage, { name, workloads: wanted.workloads, entrants }, flags)),
    )
    if (onBun === undefined)
      announce('Bun is not measured: it is not on the PATH, and the variable BUN does not name it')
    else add({ onBun })
  }
  return results
}

/** Workloads, and the contenders that run them. */
interface Group {
  /** For the messages about progress. */
  readonly name?: string
  readonly workloads: readonly Workload[]
  readonly entrants: readonly Entrant[]
  /** Default: that of the stage. */
  readonly target?: Target
}

/** The targets are for plain connections of all clients on one core. */
const withoutTargets = (all: readonly Measured[]): Measured[] => all.map((each) => ({ ...each, targets: {} }))

const roundsOf = ({ rounds, mostRounds }: Flags): string =>
  rounds === mostRounds ? `${rounds}` : `${rounds} to ${mostRounds}`

function measureOn(stage: Stage, { name, workloads, entrants, target }: Group, flags: Flags): Promise<Measured[]> {
  const what = name === undefined ? '' : `${name}: `
  const plan = {
    workloads,
    start: async () => (await startContenders(entrants, target ?? stage.target)).contenders,
    beforeRound: (round: number, count: number): void =>
      announce(`${what}round ${round + 1} of ${roundsOf(flags)}, ${count} ${count === 1 ? 'workload' : 'workloads'}`),
    beforeWorkload: async ({ custom }: Workload): Promise<void> => {
      if (custom !== undefined) await stage.prepare(custom)
    },
  }
  return measure(plan, flags)
}

function latenciesOf(entrants: readonly Entrant[], target: Target, flags: Flags): Promise<Results['latencies']> {
  announce(latencyTitle)
  return measureLatency(async () => (await startContenders(entrants, target)).contenders, flags)
}

async function measureTls(
  stage: Stage,
  workloads: readonly Workload[],
  entrants: readonly Entrant[],
  flags: Flags,
): Promise<Measured[]> {
  if (workloads.length === 0) return []
  const secure = await openTls(stage.target)
  if (secure === undefined) {
    announce('TLS is not measured: the server was built without it, or openssl is not installed')
    return []
  }
  try {
    return withoutTargets(await measureOn(stage, { name: 'TLS', workloads, entrants, target: secure.target }, flags))
  } finally {
    secure.close()
  }
}
