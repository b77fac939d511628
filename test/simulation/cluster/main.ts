import { readOptions, seedOptions } from '../../../scripts/command-line.js'
import { wrongsOfTally } from '../named-kinds.js'
import { Tally } from '../tally.js'
import { namedKinds } from './named-kinds.js'
import { simulateCluster } from './simulate.js'

const help = `npm run sim:cluster [-- OPTIONS]: a cluster client under seeded schedules of calls and faults

  --seeds N   how many schedules; default 1000
  --from N    the first seed; default 0
  --seed N    only this one, with all that happened; excludes --seeds and --from
  --help      this text

Stops at the first schedule that breaks an invariant: exits with 1; also if, from 1,000 seeds on, something occurred too seldom.
Exits with 2 if an option is wrong.`

const { seed, seeds, from } = readOptions({ help }, seedOptions(1_000))

process.exitCode = seed === undefined ? await runMany() : await runOne(seed)

async function runOne(seed: number): Promise<number> {
  const { trace, violations, calls, resolved, fates, lost } = await simulateCluster(seed, undefined, true)
  console.log(trace.join('\n'))
  console.log(`\nseed ${seed}: ${calls} calls, ${resolved} resolved, ${lost} lost, rejected ${JSON.stringify(fates)}`)
  for (const violation of violations) console.error(`  ${violation}`)
  return violations.length === 0 ? 0 : 1
}

async function runMany(): Promise<number> {
  const tally = new Tally()
  const sum = { calls: 0, resolved: 0, lost: 0 }
  const fates: Record<string, number> = {}
  const begin = performance.now()
  for (let seed = from; seed < from + seeds; seed += 1) {
    const outcome = await simulateCluster(seed)
    tally.add(outcome.tally)
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += outcome[name]
    for (const [fate, count] of Object.entries(outcome.fates)) fates[fate] = (fates[fate] ?? 0) + count
    if (outcome.violations.length === 0) continue
    console.error(`seed ${seed} breaks what must hold:\n  ${outcome.violations.join('\n  ')}`)
    console.error(`npm run sim:cluster -- --seed ${seed} shows how`)
    return 1
  }
  const seconds = ((performance.now() - begin) / 1_000).toFixed(1)
  console.log(`${tally.lines().join('\n')}\n`)
  console.log(
    `${sum.calls} calls, ${sum.resolved} resolved, ${sum.lost} lost by servers; rejected ${JSON.stringify(fates)}`,
  )
  console.log(`${seeds} seeds from ${from} in ${seconds} s: every invariant held`)
  const wrongs = [...wrongsOfTally(tally, seeds, namedKinds)]
  if (wrongs.length > 0) console.error(`\ntoo seldom, or not named:\n  ${wrongs.join('\n  ')}`)
  return wrongs.length === 0 ? 0 : 1
}
