import { parseArgs } from 'node:util'
import { simulateCluster } from './simulate.js'

/**
 * `npm run sim:cluster -- --seeds 10000 [--from 0]` runs so many schedules against a simulated cluster, and stops at the first that
 * breaks an invariant. `npm run sim:cluster -- --seed 17` runs one and prints all that happened.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '0' },
  },
})

if (values.seed !== undefined) {
  const { trace, violations, fates } = await simulateCluster(Number(values.seed), undefined, true)
  console.log([...trace, '', JSON.stringify(fates), ...violations].join('\n'))
  process.exitCode = violations.length === 0 ? 0 : 1
} else {
  const sums: Record<string, number> = {}
  const add = (counts: Readonly<Record<string, number>>): void => {
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count
  }
  const begin = performance.now()
  for (let seed = Number(values.from); seed < Number(values.from) + Number(values.seeds); seed += 1) {
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
