import { parseArgs } from 'node:util'
import type { Finding, Findings } from './findings.js'
import { callsOfRound, fuzz } from './fuzz.js'
import { shrink } from './shrink.js'
import { Stage } from './stage.js'

/**
 * `npm run fuzz -- --calls 100000 [--seed 1] [--url redis://...]` makes random calls of the public API, right and wrong, and
 * prints the faults that it finds. `--seed 17 --only 3,5 --show` repeats some calls of one round; `--seed 17 --shrink` looks
 * for a few calls that reproduce a finding.
 */
const { values } = parseArgs({
  options: {
    calls: { type: 'string' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000_000)) },
    only: { type: 'string' },
    show: { type: 'boolean', default: false },
    shrink: { type: 'boolean', default: false },
    url: { type: 'string' },
  },
})

const seed = wholeNumber('seed', values.seed)
const isOneRound = values.only !== undefined || values.show || values.shrink
const calls = wholeNumber('calls', values.calls ?? (isOneRound ? String(callsOfRound) : '100000'))
const only = values.only === undefined ? undefined : new Set(values.only.split(',').map((n) => wholeNumber('only', n)))

console.log(`seed ${seed}`)
process.exitCode = values.shrink ? await runShrink() : await run()

async function run(): Promise<number> {
  const begin = performance.now()
  const onRound = (made: number, lines: readonly string[]): void => {
    if (values.show) console.log(lines.join('\n'))
    if (made % 25_000 === 0) console.log(`${made} calls`)
  }
  const findings = await fuzz({ calls, seed, url: values.url, only, onFinding: print, onRound })
  console.log(`${calls} calls from seed ${seed} in ${((performance.now() - begin) / 1_000).toFixed(1)} s`)
  return report(findings)
}

async function runShrink(): Promise<number> {
  const stage = await Stage.open(values.url)
  try {
    console.log((await shrink(stage, seed, calls, only)).join('\n'))
  } finally {
    await stage.close()
  }
  return 1
}

function report({ groups, expected }: Findings): number {
  for (const [{ issue, reason }, count] of expected) console.log(`expected until issue ${issue} (${count}): ${reason}`)
  for (const { first, count } of groups) console.error(`${count} times: ${first.kind}: ${first.detail.slice(0, 100)}`)
  if (groups.length === 0) console.log('nothing was found')
  return groups.length === 0 ? 0 : 1
}

function print({ kind, seed, index, title, detail }: Finding): void {
  const again = `npm run fuzz -- --seed ${seed}${index === undefined ? ' --show' : ` --show --only ${index}`}`
  console.error(`\n${kind}: ${detail.slice(0, 400)}\n    in ${title.slice(0, 600)}\n    ${again}`)
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new TypeError(`--${name}: expected a whole number, got ${text}`)
  return Number(text)
}
