import { parseArgs } from 'node:util'
import { tryStream } from './fuzz.js'

const { values } = parseArgs({
  options: { streams: { type: 'string', default: '100000' }, seed: { type: 'string', default: '0' } },
})
const first = Number(values.seed)
const count = Number(values.streams)
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
