import { parseArgs } from 'node:util'
import { readCommandLine, wholeNumber } from '../../scripts/command-line.js'
import { tryStream } from './fuzz.js'

const help = `npm run fuzz:protocol [-- OPTIONS]: random byte streams through the decoder

  --streams N   how many; default 100000
  --seed N      of the first; default 0
  --help        this text

Exits with 1 if something was found, with 2 if an option is wrong.`

const { first, count } = readCommandLine({ help }, (args) => {
  const options = { streams: { type: 'string', default: '100000' }, seed: { type: 'string', default: '0' } } as const
  const { values } = parseArgs({ args, options })
  return { first: wholeNumber('seed', values.seed, 0), count: wholeNumber('streams', values.streams) }
})
const began = performance.now()
for (let seed = first; seed < first + count; seed += 1) {
  const wrong = tryStream(seed)
  if (wrong === undefined) continue
  console.log(`seed ${seed}: ${wrong}`)
  process.exit(1)
}
console.log(
  `${count} byte streams from seed ${first} in ${((performance.now() - began) / 1_000).toFixed(1)} s: nothing was found`,
)
