import { parseArgs } from 'node:util'
import { excludeFrom, readCommandLine, required, wholeNumber } from '../../scripts/command-line.js'
import { createClient } from '../../src/index.js'
import { resolveOptions } from '../../src/options/resolve.js'
import type { Finding, Findings } from './findings.js'
import { callsOfRound, fuzz } from './fuzz.js'
import { shrink } from './shrink.js'
import { Stage } from './stage.js'

const help = `npm run fuzz [-- OPTIONS]: random calls of the public API, right and wrong, on a real server

  --calls N    how many; default 100000, and one round with --only, --show and --shrink
  --seed N     of the first round; default: any
  --only N,N   only these calls of one round
  --show       prints each call
  --shrink     looks for a few calls of the round that reproduce a finding; excludes --show
  --url URL    a server, which is emptied; default: one that is started
  --help       this text

Exits with 1 if something was found, with 2 if an option is wrong.`

const { values, seed, calls, only } = readCommandLine({ help }, (args) => {
  const { values } = parseArgs({
    args,
    options: {
      calls: { type: 'string' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000_000)) },
      only: { type: 'string' },
      show: { type: 'boolean', default: false },
      shrink: { type: 'boolean', default: false },
      url: { type: 'string' },
    },
  })
  excludeFrom(values, 'shrink', ['show'])
  // An invalid URL is a matter of the command line.
  if (values.url !== undefined) resolveOptions(values.url)
  const isOneRound = values.only !== undefined || values.show || values.shrink
  const calls = wholeNumber('calls', values.calls ?? (isOneRound ? String(callsOfRound) : '100000'))
  const indexes = values.only?.split(',').map((n) => wholeNumber('only', n, 0))
  const beyond = indexes?.find((index) => index >= Math.min(calls, callsOfRound))
  if (beyond !== undefined)
    throw new TypeError(`--only ${beyond}: the calls of a round end with ${Math.min(calls, callsOfRound) - 1}`)
  return {
    values,
    seed: wholeNumber('seed', values.seed, 0),
    calls,
    only: indexes === undefined ? undefined : new Set(indexes),
  }
})

const { url } = values
if (url !== undefined) {
  await required('--url', async () => {
    const client = createClient(url, { connectDeadline: 3_000 })
    await client.connect().finally(() => client.destroy())
  })
}
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
    const found = await shrink(stage, seed, calls, only)
    console.log(found?.join('\n') ?? 'nothing was found')
    return found === undefined ? 0 : 1
  } finally {
    await stage.close()
  }
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
