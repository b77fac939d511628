import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ClientCode } from '../simulate.js'
import { Comparison } from './comparison.js'
import { openRecording, recordRun, writeRecording } from './recording.js'

/** What the simulation is made of, beside the client. */
const simulationFolders = ['../', '../../../lab/server/']

/** `--record FILE`: writes down what the client does under so many schedules. */
export async function record(file: string, from: number, seeds: number, code?: ClientCode): Promise<number> {
  await writeRecording(file, { format: 1, schedules: digestOfSchedules(), from, seeds }, code)
  console.log(`${seeds} seeds from ${from} recorded`)
  return 0
}

/** `--compare FILE`: runs the same schedules again. @returns 1 when any run differs */
export async function compare(file: string, context: number, code?: ClientCode): Promise<number> {
  const { head, runs } = await openRecording(file)
  if (head.schedules !== digestOfSchedules()) {
    console.log('The simulation itself has changed since this was recorded: differences may come from there.')
    console.log('To be sure, record the old client under the simulation as it is now: --record FILE --src OLD/src')
  }
  const comparison = new Comparison(context)
  let count = 0
  for await (const recorded of runs) {
    comparison.add(recorded, await recordRun(recorded.seed, code))
    count += 1
    if (count % 10_000 === 0) console.log(`${count} seeds`)
  }
  if (count !== head.seeds) throw new Error(`${file} ends after ${count} of ${head.seeds} seeds`)
  console.log(comparison.report())
  return comparison.hasDifferences ? 1 : 0
}

/** Without import statements: a file of the client that moves changes no schedule. */
function digestOfSchedules(): string {
  const hash = createHash('sha256')
  for (const folder of simulationFolders) {
    const path = fileURLToPath(new URL(folder, import.meta.url))
    const names = readdirSync(path).filter(
      (name) => name.endsWith('.ts') && !name.startsWith('mut') && name !== 'main.ts',
    )
    for (const name of names.sort()) {
      hash.update(readFileSync(path + name, 'utf8').replace(/^import [^']*'[^']*'$/gm, ''))
    }
  }
  return hash.digest('hex').slice(0, 16)
}
