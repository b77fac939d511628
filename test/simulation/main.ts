import { readOptions, required, seedOptions } from '../../scripts/command-line.js'
import { loadClientCode } from './guard/client-code.js'
import { compare, record } from './guard/main.js'
import { leastSeeds } from './named-kinds.js'
import { type ClientCode, simulate } from './simulate.js'
import { Sum } from './sum.js'

/**
 * `npm run sim -- --seeds 100000 [--from 0]` runs so many schedules, stops at the first that breaks an invariant, and says how
 * often each kind of call, fault, verdict and invariant occurred (from 1,000 seeds on it fails where one of them occurred too seldom); with `--all` it goes on, and lists every seed that breaks one.
 * `npm run sim -- --seed 17` runs one and prints all that happened.
 *
 * `npm run sim -- --record FILE --seeds 10000 [--from 0]` writes down what can be observed of the client;
 * `npm run sim -- --compare FILE [--context 3]` runs the same schedules again and shows what differs. With `--src FOLDER`
 * each of these runs the client of another checkout.
 */
const help = `npm run sim [-- OPTIONS]: the client under seeded schedules of calls and faults

  --seeds N        how many schedules; default 10000
  --from N         the first seed; default 0
  --all            goes on after the first that breaks an invariant
  --seed N         only this one, with all that happened; excludes --seeds, --from and --all
  --record FILE    writes down what can be observed of the client
  --compare FILE   runs the same schedules again, and shows what differs; excludes --seeds and --from
  --context N      with --compare: lines around each difference; default 3
  --src FOLDER     the client of another checkout
  --help           this text

Exits with 1 if an invariant is broken or something differs, with 2 if an option is wrong.`

const values = readOptions(
  { help },
  {
    ...seedOptions(10_000),
    record: { type: 'string', excludes: ['compare', 'seed', 'all'] },
    // The recording says which schedules.
    compare: { type: 'string', excludes: ['seeds', 'from', 'seed', 'all'] },
    context: { type: 'number', default: 3, least: 0, needs: 'compare' },
    src: { type: 'string' },
    all: { type: 'boolean', excludes: ['seed'] },
  },
)

process.exitCode = await run()

async function run(): Promise<number> {
  const { src, record: written, compare: read, from, seeds, context } = values
  const code = src === undefined ? undefined : await required('--src', () => loadClientCode(src))
  if (written !== undefined) return required('--record', () => record(written, from, seeds, code))
  if (read !== undefined) return required('--compare', () => compare(read, context, code))
  return values.seed === undefined ? runMany(code) : runOne(values.seed, code)
}

async function runOne(seed: number, code?: ClientCode): Promise<number> {
  const { trace, violations, calls, resolved, fates } = await simulate(seed, code, true)
  console.log(trace.join('\n'))
  console.log(`\nseed ${seed}: ${calls} calls, ${resolved} resolved, rejected ${JSON.stringify(fates)}`)
  return report(seed, violations)
}

async function runMany(code?: ClientCode): Promise<number> {
  const { from: first, seeds: count } = values
  const sum = new Sum()
  const begin = performance.now()
  let failed = 0
  for (let seed = first; seed < first + count; seed += 1) {
    const outcome = await simulate(seed, code)
    if (outcome.violations.length > 0) {
      failed += 1
      report(seed, outcome.violations)
      if (!values.all) return 1
    }
    sum.add(outcome)
    if ((seed - first + 1) % 10_000 === 0) console.log(`${seed - first + 1} seeds`)
  }
  const seconds = ((performance.now() - begin) / 1_000).toFixed(1)
  sum.print()
  console.log(
    `${count} seeds from ${first} in ${seconds} s: ${failed === 0 ? 'every invariant held' : `${failed} failed`}`,
  )
  if (count < leastSeeds) {
    console.log(`how often each kind occurred is checked from ${leastSeeds} seeds on: not in this run`)
  }
  const wrongs = sum.wrongs(count)
  if (wrongs.length > 0) console.error(`\ntoo seldom, or not named:\n  ${wrongs.join('\n  ')}`)
  return failed === 0 && wrongs.length === 0 ? 0 : 1
}

function report(seed: number, violations: readonly string[]): number {
  if (violations.length === 0) return 0
  console.error(`\nseed ${seed} breaks what must hold:`)
  for (const violation of violations) console.error(`  ${violation}`)
  console.error(
    `\nnpm run sim -- --seed ${seed} shows how; npm run lab -- --serve draws it: #seed=${seed} in its address`,
  )
  return 1
}
