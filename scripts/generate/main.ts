import { writeFileSync } from 'node:fs'
import { askAll, check, generate, isWritten } from './generate.js'

/**
 * `npm run generate` asks the servers of this machine what they offer, and writes what is made of it. With `--check` nothing
 * is written, and it fails where something differs or is missing.
 */
const asked = await askAll()
const names = asked.map(({ name }) => name).join(', ')

if (process.argv.includes('--check')) {
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
