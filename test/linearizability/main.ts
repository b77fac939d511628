import { readOptions, required } from '../../scripts/command-line.js'
import { find, readFindings } from './findings.js'
import { readSection, sectionOf, write } from './guarantees.js'

const help = `npm run guarantees [-- OPTIONS]: which options keep which properties of the data

  --schedules N   of each setting; default 300; 0: takes the findings of the last run
  --write         writes docs/guarantees.md and test/linearizability/findings.json; without it, only says whether the page is right
  --help          this text

Exits with 1 if docs/guarantees.md says something else, with 2 if an option is wrong.`

const { schedules, write: isWritten } = readOptions(
  { help },
  { schedules: { type: 'number', default: 300, least: 0 }, write: { type: 'boolean' } },
)

const findings = schedules === 0 ? await readFindings() : await find(schedules)
// Too few schedules do not show all that the page tells.
const section = await required('guarantees', () => sectionOf(findings))
if (isWritten) await write(findings)
else if (section === (await readSection())) console.log('docs/guarantees.md says what was found')
else {
  console.error('docs/guarantees.md says something else than what was found: --write writes it')
  process.exitCode = 1
}
