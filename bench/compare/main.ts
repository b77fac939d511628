import { writeFileSync } from 'node:fs'
import { findDemoServer } from '../../demo/find-server.js'
import { mustBeWritable, readCommandLine, withTitle } from '../../scripts/command-line.js'
import { messageOf } from '../../src/errors.js'
import { compile } from '../compile.js'
import { processors, separateCores } from '../machine.js'
import { prepare } from '../workloads/data.js'
import { type Build, buildBaseline, buildWorkingTree } from './builds.js'
import { type Flags, help, readFlags } from './flags.js'
import { renderReport } from './report.js'
import { type Measured, measureRows, type Side } from './rounds.js'
import { type Row, rows } from './rows.js'
import { openClient } from './subject.js'
import { fails, summarize } from './summary.js'

/** `npm run bench:compare`: the working tree compared with version 0.1. See `--help`. */

// The exit code: 1 is a row that fails, 2 is anything that prevents the comparison.
const flags = readCommandLine({ help, list: () => rows.map(({ title }) => title) }, (args) => {
  const read = readFlags(args)
  return { ...read, rows: withTitle(rows, read.only) }
})
const figuresOf = (report: string): string => report.replace(/\.md$/, '.json')
if (flags.out !== undefined) await mustBeWritable(flags.out, figuresOf(flags.out))
process.exitCode = await main().catch((error: unknown) => {
  console.error(`bench:compare: ${messageOf(error)}`)
  return 2
})

async function main(): Promise<0 | 1> {
  const baseline = buildBaseline()
  const builds = { baseline, present: flags.self ? baseline : buildWorkingTree() }
  const { measured, environment } = await measureOnServer(flags.rows, builds, flags)
  const summaries = measured.map(summarize)
  const { rounds, time, self } = flags
  const report = renderReport(summaries, { environment, rounds, time, self })
  console.log(report)
  if (flags.out !== undefined) write(flags.out, report, { environment, rounds, time, self, summaries, measured })
  return summaries.some(fails) ? 1 : 0
}

async function measureOnServer(
  rows: readonly Row[],
  builds: Readonly<Record<Side, Build>>,
  flags: Flags,
): Promise<{ measured: readonly Measured[]; environment: readonly string[] }> {
  const script = await compile('compare/child')
  const importScript = await compile('compare/import-child')
  const server = await findDemoServer(undefined)
  try {
    const cores = separateCores(server)
    const admin = await openClient(builds.baseline.entry, server.port)
    await prepare((name, ...args) => admin.call(name, ...args))
    const version = /(valkey|redis)_version:(\S+)/.exec(String(await admin.call('INFO', 'server')))
    await admin.close()
    const stage = { script, importScript, port: server.port }
    const measured = await measureRows(rows, builds, stage, flags, (round) => {
      console.error(`${new Date().toISOString().slice(11, 19)} round ${round + 1} of ${flags.rounds}`)
    })
    const environment = [
      `${builds.present.description}, compared with ${builds.baseline.description}`,
      `Node ${process.version}; ${version?.slice(1).join(' ') ?? 'unknown server'}`,
      `${processors()}, ${cores}`,
    ]
    return { measured, environment }
  } finally {
    await server.stop()
  }
}

/** Writes the report, and a JSON file with every turn of every round. */
function write(file: string, report: string, figures: object): void {
  writeFileSync(file, report)
  writeFileSync(figuresOf(file), `${JSON.stringify(figures)}\n`)
}
