import { readOptions, seedOptions } from '../../../scripts/command-line.js'
import { simulateSentinel } from './simulate.js'

const help = `npm run sim:sentinel [-- OPTIONS]: the client behind simulated sentinels, with failovers and faults

  --seeds N   how many schedules; default 1000
  --from N    the first seed; default 0
  --seed N    only this one, with all that happened; excludes --seeds and --from
  --help      this text

Stops at the first schedule that breaks an invariant: exits with 1. Exits with 2 if an option is wrong.`

const { seed, seeds, from } = readOptions({ help }, seedOptions(1_000))

process.exitCode = seed === undefined ? await runMany() : await runOne(seed)

async function runOne(seed: number): Promise<number> {
  const { trace, violations, calls, resolved, failovers, lost } = await simulateSentinel(seed, undefined, true)
  console.log(trace.join('\n'))
  console.log(
    `\nseed ${seed}: ${calls} calls, ${resolved} resolved, ${failovers} failovers, ${lost} lost by the servers`,
  )
  for (const violation of violations) console.error(`  ${violation}`)
  return violations.length === 0 ? 0 : 1
}

async function runMany(): Promise<number> {
  const begin = performance.now()
  const sum = { calls: 0, resolved: 0, failovers: 0, lost: 0, gaps: 0 }
  for (let seed = from; seed < from + seeds; seed += 1) {
    const outcome = await simulateSentinel(seed)
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += outcome[name]
    if (outcome.violations.length === 0) continue
    console.error(`seed ${seed} breaks what must hold:\n  ${outcome.violations.join('\n  ')}`)
    console.error(`npm run sim:sentinel -- --seed ${seed} shows how`)
    return 1
  }
  const seconds = ((performance.now() - begin) / 1_000).toFixed(1)
  console.log(`${seeds} seeds from ${from} in ${seconds} s: every invariant held`, sum)
  return 0
}
