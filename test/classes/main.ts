import { basename } from 'node:path'
import { serverPrograms } from '../support/server.js'
import { ClusterWorld } from './cluster-world.js'
import { readForms } from './forms.js'
import { readFormOptions } from './options.js'
import { type Finding, tryForm } from './oracle.js'
import { isOffered, startForOracle } from './servers.js'
import { World } from './world.js'

const help = `npm run test:classes [-- OPTIONS]: every form of every command twice, on each server of this machine

  --runs N      random states of each form; default 12
  --from N      the first seed; default 0
  --only TEXT   only forms that begin with TEXT, such as SORT
  --verbose     what was seen of each command
  --help        this text

Exits with 1 if a class is milder than what was seen, with 2 if an option is wrong.`

const { runs, from, only, verbose } = readFormOptions(help, 12)
let failures = 0

for (const program of serverPrograms()) {
  const findings: Finding[] = []
  const forms = new Map<string, Set<string>>()
  let states = 0
  for (const file of ['forms.txt', 'cluster-forms.txt'] as const) {
    const server = await startForOracle(program, file === 'cluster-forms.txt')
    const place = file === 'forms.txt' ? await World.open(server.port) : await ClusterWorld.open(server.port)
    for (const form of readForms(file)) {
      if (!form.text.startsWith(only)) continue
      if (!(await isOffered(place, form))) continue
      for (let run = 0; run < runs; run += 1) {
        const seed = from + run
        const finding = await tryForm(place, form, seed)
        states += 1
        findings.push(finding)
        forms.set(finding.command, (forms.get(finding.command) ?? new Set()).add(form.text))
        if (finding.contradiction === undefined) continue
        failures += 1
        console.error(`${basename(program)}, seed ${seed}: ${finding.call}\n  ${finding.contradiction}`)
      }
    }
    place.close()
    await server.stop()
  }
  report(basename(program), findings, forms, states)
}
process.exitCode = failures === 0 ? 0 : 1

function report(
  name: string,
  findings: readonly Finding[],
  forms: ReadonlyMap<string, Set<string>>,
  states: number,
): void {
  const onlyErrors = [...forms.keys()].filter((command) =>
    findings.every((finding) => finding.command !== command || finding.isError),
  )
  const count = [...forms.values()].reduce((sum, set) => sum + set.size, 0)
  const wrong = findings.filter(({ contradiction }) => contradiction !== undefined).length
  console.log(`${name}: ${forms.size} commands, ${count} forms, ${states} states: ${wrong} too mild`)
  if (onlyErrors.length > 0) console.log(`  answered errors only: ${onlyErrors.join(', ')}`)
  if (!verbose) return
  for (const command of forms.keys()) {
    const own = findings.filter((finding) => finding.command === command)
    const claims = [...new Set(own.map(({ claimed, seen }) => `${claimed}/${seen}`))].sort()
    console.log(`  ${command}: ${claims.join(' ')}`)
  }
}
