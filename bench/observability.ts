import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createClient } from '../dist/index.js'
import { readCommandLine, wholeNumber } from '../scripts/command-line.js'
import { startServer } from '../test/support/server.js'
import { resultOf } from './child.js'
import { type Cost, ways } from './observability-child.js'
import { median, quantile } from './quantile.js'
import { formatMicroseconds, formatRate, formatRatio, table } from './table.js'

/**
 * `npm run bench:observability`: what the recipes of docs/observability.md cost. GETs of 100 bytes are sent in bursts of 100 over
 * loopback, without a recipe and with each of them, in separate processes that take turns. The results are medians of the rounds.
 */

const help = `npm run bench:observability [-- OPTIONS]: what the recipes of docs/observability.md cost

  --rounds N   default 9
  --calls N    calls in a round; default 100000
  --help       this text

Exits with 2 if an option is wrong.`

const values = readCommandLine({ help }, (args) => {
  const options = { rounds: { type: 'string', default: '9' }, calls: { type: 'string', default: '100000' } } as const
  const { rounds, calls } = parseArgs({ args, options }).values
  return { rounds: wholeNumber('rounds', rounds), calls: wholeNumber('calls', calls) }
})
const child = fileURLToPath(new URL('observability-child.ts', import.meta.url))
const names = Object.keys(ways)

const server = await startServer()
const client = createClient(server.url)
await client.set('key', 'x'.repeat(100))

const rounds: Map<string, Cost>[] = []
for (let round = 0; round < values.rounds; round += 1) {
  const costs = new Map<string, Cost>()
  // Each one is the first in some rounds.
  const order = names.map((_, index) => names[(index + round) % names.length] as string)
  for (const name of order) {
    costs.set(
      name,
      await resultOf<Cost>(process.execPath, ['--import', 'tsx', child, name, server.url, String(values.calls)]),
    )
  }
  rounds.push(costs)
}

/** One figure of a recipe, for every round. */
const all = (name: string, figure: (cost: Cost) => number): number[] =>
  rounds.map((costs) => figure(costs.get(name) as Cost))

const [nothing = ''] = names
const rows = names.map((name) => {
  const without = all(nothing, ({ processor }) => processor)
  const processor = all(name, (cost) => cost.processor)
  const ratios = processor.map((value, round) => value / (without[round] as number))
  const more = processor.map((value, round) => value - (without[round] as number))
  return [
    name,
    formatRate(median(all(name, ({ rate }) => rate))),
    `${formatMicroseconds(median(processor))} us`,
    name === nothing ? '' : `${formatMicroseconds(median(more))} us`,
    name === nothing ? '' : formatRatio(median(ratios)),
    name === nothing ? '' : `${formatRatio(quantile(ratios, 0.25))} to ${formatRatio(quantile(ratios, 0.75))}`,
  ]
})
const titles = [
  'observed by',
  'GETs per second',
  'processor time of a GET',
  'difference',
  'ratio',
  'quartiles of the ratio',
]
console.log(
  table(
    titles.map((title, index) => ({ title, align: index === 0 ? 'left' : 'right' })),
    rows,
  ),
)
await client.close()
await server.stop()
