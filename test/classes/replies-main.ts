import { basename } from 'node:path'
import { serverPrograms } from '../support/server.js'
import { ClusterWorld } from './cluster-world.js'
import { readForms } from './forms.js'
import { readFormOptions } from './options.js'
import { compareReplies, openReplyPlace, type ReplyFinding } from './reply-comparison.js'
import { isOffered, startForOracle } from './servers.js'
import { World } from './world.js'

const help = `npm run test:replies [-- OPTIONS]: every form of every command by RESP2 and by RESP3, on each server of this machine

  --runs N      random states of each form; default 6
  --from N      the first seed; default 0
  --only TEXT   only forms that begin with TEXT, such as SORT
  --verbose     what was seen of each command
  --help        this text

Exits with 1 if values differ, with 2 if an option is wrong.`

const { runs, from, only, verbose } = readFormOptions(help, 6)
let failures = 0

for (const program of serverPrograms()) {
  const findings: ReplyFinding[] = []
  for (const file of ['forms.txt', 'cluster-forms.txt'] as const) {
    const server = await startForOracle(program, file === 'cluster-forms.txt')
    const world = file === 'forms.txt' ? await World.open(server.port) : await ClusterWorld.open(server.port)
    const place = await openReplyPlace(world, server.port)
    for (const form of readForms(file)) {
      if (!form.text.startsWith(only)) continue
      if (!(await isOffered(world, form))) continue
      for (let run = 0; run < runs; run += 1) {
        const seed = from + run
        const finding = await compareReplies(place, form, seed)
        findings.push(finding)
        if (finding.differences.length === 0) continue
        failures += 1
        console.error(`${basename(program)}, seed ${seed}: ${finding.call}\n  ${finding.differences.join('\n  ')}`)
      }
    }
    place.close()
    await server.stop()
  }
  report(basename(program), findings)
}
process.exitCode = failures === 0 ? 0 : 1

function report(name: string, findings: readonly ReplyFinding[]): void {
  const commands = [...new Set(findings.map(({ command }) => command))]
  const differing = findings.filter(({ differences }) => differences.length > 0).length
  const mended = commands.filter((command) => findings.some((one) => one.command === command && one.isMended))
  const onlyErrors = commands.filter((command) => findings.every((one) => one.command !== command || one.isError))
  console.log(`${name}: ${commands.length} commands, ${findings.length} calls by each protocol: ${differing} differ`)
  console.log(`  ${mended.length} have other types by RESP3 than by RESP2, which the client makes alike`)
  if (onlyErrors.length > 0) console.log(`  answered errors only: ${onlyErrors.join(', ')}`)
  if (verbose) console.log(`  made alike: ${mended.join(', ')}`)
}
