import { parseArgs } from 'node:util'
import { simulateSentinel } from './simulate.js'

/**
 * `npm run sim:sentinel -- --seeds 10000 [--from 0]`: schedules of calls, failovers and faults behind simulated sentinels, until one
 * breaks what must hold. `--seed N` runs one, and prints all that happened.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '0' },
  },
})

process.exitCode = values.seed === undefined ? await runMany() : await runOne(Number(values.seed))

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
  const first = Number(values.from)
  const count = Number(values.seeds)
  const begin = performance.now()
  const sum = { calls: 0, resolved: 0, failovers: 0, lost: 0, gaps: 0 }
  for (let seed = first; seed < first + count; seed += 1) {
    const outcome = await simulateSentinel(seed)
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += outcome[name]
    if (outcome.violations.length === 0) continue
    console.error(`seed ${seed} breaks what must hold:\n  ${outcome.violations.join('\n  ')}`)
    console.error(`npm run sim:sentinel -- --seed ${seed} shows how`)
    return 1
  }
  const seconds = ((performance.now() - begin) / 1_000).toFixed(1)
  console.log(`${count} seeds from ${first} in ${seconds} s: every invariant held`, sum)
  return 0
}
