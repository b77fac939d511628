// npm run guarantees [-- --schedules N]: which options keep which properties, into docs/guarantees.md. With `--schedules 0`: only
// writes the page again, from findings.json.
import { parseArgs } from 'node:util'
import { find, readFindings } from './findings.js'
import { write } from './guarantees.js'

const { values } = parseArgs({ options: { schedules: { type: 'string', default: '300' } } })
const schedules = Number(values.schedules)
await write(schedules === 0 ? await readFindings() : await find(schedules))
