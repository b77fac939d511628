import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readCommandLine, wholeNumber } from '../scripts/command-line.js'
import { resultOf } from './child.js'
import { median, quantile } from './quantile.js'

/**
 * `npm run bench:tracing`: what tracing costs while nobody subscribes. A client without a network runs with and without the check of
 * the tracing channels, in separate processes that take turns. The result is the median of the ratios of the rounds.
 */

const help = `npm run bench:tracing [-- OPTIONS]: what tracing costs while nobody subscribes

  --rounds N   default 31
  --help       this text

Exits with 2 if an option is wrong.`

const rounds = readCommandLine({ help }, (args) => {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '31' } } })
  return wholeNumber('rounds', values.rounds)
})
const child = fileURLToPath(new URL('tracing-child.ts', import.meta.url))
const measure = (how: 'with' | 'without'): Promise<number> =>
  resultOf<number>(process.execPath, ['--import', 'tsx', child, how])

const figures: { with: number; without: number }[] = []
for (let round = 0; round < rounds; round += 1) {
  // The second one finds a warmer machine, so they take turns at being first.
  if (round % 2 === 0) figures.push({ with: await measure('with'), without: await measure('without') })
  else figures.push({ without: await measure('without'), with: await measure('with') })
}
const ratios = figures.map((figure) => figure.with / figure.without)
const ns = (values: readonly number[]): string => `${median(values).toFixed(0)} ns`
console.log(`A GET takes ${ns(figures.map((figure) => figure.with))} of processor time with the check of the channels,`)
console.log(`${ns(figures.map(({ without }) => without))} without: ${median(ratios).toFixed(3)} times as much,`)
console.log(
  `median of ${rounds} rounds; quartiles ${quantile(ratios, 0.25).toFixed(3)} and ${quantile(ratios, 0.75).toFixed(3)}.`,
)
