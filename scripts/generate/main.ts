import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readCommandLine } from '../command-line.js'
import { askAll, check, generate, isWritten } from './generate.js'

const help = `npm run generate [-- OPTIONS]: asks the servers of this machine what they offer, and writes what is made of it

  --check   writes nothing, and fails where something differs or is missing
  --help    this text

Exits with 1 if there are problems, with 2 if an option is wrong.`

const isCheck = readCommandLine({ help }, (args) => {
  return parseArgs({ args, options: { check: { type: 'boolean', default: false } } }).values.check
})
const asked = await askAll()
const names = asked.map(({ name }) => name).join(', ')

if (isCheck) {
  const problems = check(asked)
  for (const problem of problems) console.error(problem)
  console.log(`asked ${names}: ${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
} else {
  const { entries, files, problems } = generate(asked)
  const differing = files.filter((file) => !isWritten(file))
  for (const { url, text } of differing) writeFileSync(url, text)
  for (const problem of problems) console.error(problem)
  console.log(`asked ${names}: ${entries.length} commands, ${differing.length} files written`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
