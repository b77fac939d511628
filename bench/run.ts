import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustBeWritable, readCommandLine } from '../scripts/command-line.js'
import { messageOf } from '../src/errors.js'
import { agree, renderAgreement } from './agreement.js'
import { compareWithBaseline, renderChanges } from './baseline.js'
import { renderChart } from './chart.js'
import { help, readFlags } from './flags.js'
import { measureAll, titles, wantedBy } from './measurement.js'
import { renderReport } from './report.js'
import { plannedOf, type Results, readResults, rounded } from './results.js'
import { onStage } from './stage.js'
import { renderSummary } from './summary-chart.js'
import { checkPrefix } from './workloads/data.js'

/** `npm run bench`: clients on the same server, each in a separate process, in interleaved rounds. See `--help`. */

// The exit code: 1 is a loss against the baseline or a run that does not agree, 2 is anything that prevents the measurement.
const flags = readCommandLine({ help, list: () => titles }, (args) => {
  const read = readFlags(args)
  checkPrefix()
  return { ...read, wanted: wantedBy(read) }
})
/** What --out names: a folder with these. */
const files = ['clients.md', 'clients.svg', 'summary.svg', 'clients.json'] as const
if (flags.out !== undefined) await mustBeWritable(...files.map((name) => join(String(flags.out), name)))
process.exitCode = await main().catch((error: unknown) => {
  console.error(`bench: ${messageOf(error)}`)
  return 2
})

async function main(): Promise<0 | 1> {
  // A file that can't be read is reported before anything is measured.
  const baseline = flags.baseline === undefined ? undefined : readResults('--baseline', flags.baseline)
  const other = flags.agree === undefined ? undefined : readResults('--agree', flags.agree)
  const results = flags.from === undefined ? await measureNow() : readResults('--from', flags.from)
  write(results)
  const changes =
    baseline === undefined ? [] : compareWithBaseline(results.measured, baseline.measured, plannedOf(baseline, results))
  if (baseline !== undefined && changes.length === 0)
    throw new Error('--baseline: the two runs have no workload in common')
  const agreements = other === undefined ? [] : agree(other, results)
  if (other !== undefined && agreements.length === 0) throw new Error('--agree: the two runs have no ratio in common')
  if (flags.json) console.log(JSON.stringify({ ...results, changes, agreements }))
  else {
    // The reports of two earlier runs exist already.
    if (flags.from === undefined || (baseline ?? other) === undefined) console.log(renderReport(results))
    if (baseline !== undefined) console.log(renderChanges(changes, results.environment, baseline.environment))
    if (other !== undefined) console.log(renderAgreement(agreements))
  }
  if (flags.form === 'smoke') console.error('A smoke run: its figures have no meaning.')
  return changes.some(({ verdict }) => verdict === 'slower') || agreements.some(({ verdict }) => verdict === 'differs')
    ? 1
    : 0
}

async function measureNow(): Promise<Results> {
  return onStage(flags.target, async (stage) =>
    rounded(await measureAll(stage, flags.wanted, flags, (results) => write(rounded(results)))),
  )
}

/** Writes report, charts and figures of a run, if a folder is named. */
function write(results: Results): void {
  const folder = flags.out
  if (folder === undefined) return
  const save = (name: (typeof files)[number], text: string): void => writeFileSync(join(folder, name), text)
  save('clients.md', renderReport(results))
  save('clients.svg', renderChart(results.measured, results.environment))
  const summary = renderSummary(results.measured)
  if (summary !== undefined) save('summary.svg', summary)
  save('clients.json', `${JSON.stringify(results)}\n`)
}
