import { readOptions, seedOptions } from '../../../scripts/command-line.js'
import { simulateCluster } from './simulate.js'

const help = `npm run sim:cluster [-- OPTIONS]: a cluster client under seeded schedules of calls and faults

  --seeds N   how many schedules; default 1000
  --from N    the first seed; default 0
  --seed N    one of them, with all that happened
  --help      this text

Stops at the first schedule that breaks an invariant: exits with 1. Exits with 2 if an option is wrong.`

const { seed, seeds, from } = readOptions({ help }, seedOptions(1_000))

if (seed !== undefined) {
  const { trace, violations, fates } = await simulateCluster(seed, undefined, true)
  console.log([...trace, '', JSON.stringify(fates), ...violations].join('\n'))
  process.exitCode = violations.length === 0 ? 0 : 1
} else {
  const sums: Record<string, number> = {}
  const add = (counts: Readonly<Record<string, number>>): void => {
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count
  }
  const begin = performance.now()
  for (let seed = from; seed < from + seeds; seed += 1) {
    const { violations, calls, resolved, fates, lost, counts } = await simulateCluster(seed)
    add({ ...counts, ...fates, calls, resolved, lost })
    if (violations.length === 0) continue
    console.error(`seed ${seed} breaks what must hold:\n  ${violations.join('\n  ')}`)
    process.exitCode = 1
    break
  }
  console.log(
    Object.entries(sums)
      .map(([name, count]) => `${String(count).padStart(9)}  ${name}`)
      .join('\n'),
  )
  console.log(`${((performance.now() - begin) / 1_000).toFixed(1)} s`)
}
