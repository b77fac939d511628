import { readOptions } from '../../scripts/command-line.js'
import { tryStream } from './fuzz.js'

const help = `npm run fuzz:protocol [-- OPTIONS]: random byte streams through the decoder

  --streams N   how many; default 100000
  --seed N      of the first; default 0
  --help        this text

Exits with 1 if something was found, with 2 if an option is wrong.`

const { streams, seed: first } = readOptions(
  { help },
  { streams: { type: 'number', default: 100_000 }, seed: { type: 'number', default: 0, least: 0 } },
)
const began = performance.now()
for (let seed = first; seed < first + streams; seed += 1) {
  const wrong = tryStream(seed)
  if (wrong === undefined) continue
  console.log(`seed ${seed}: ${wrong}`)
  process.exit(1)
}
console.log(
  `${streams} byte streams from seed ${first} in ${((performance.now() - began) / 1_000).toFixed(1)} s: nothing was found`,
)
