import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { serverPrograms } from '../support/server.js'
import { ClusterWorld } from './cluster-world.js'
import { readForms } from './forms.js'
import { compareReplies, openReplyPlace, type ReplyFinding } from './reply-comparison.js'
import { isOffered, startForOracle } from './servers.js'
import { World } from './world.js'

/**
 * `npm run test:replies -- [--runs 6] [--from 0] [--only XREAD] [--verbose]`: makes every form of every command, from so many
 * random states, by RESP2 and by RESP3, on each server of this machine; fails where the values differ.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '6' },
    from: { type: 'string', default: '0' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})
let failures = 0

for (const program of serverPrograms()) {
  const findings: ReplyFinding[] = []
  for (const file of ['forms.txt', 'cluster-forms.txt'] as const) {
    const server = await startForOracle(program, file === 'cluster-forms.txt')
    const world = file === 'forms.txt' ? await World.open(server.port) : await ClusterWorld.open(server.port)
    const place = await openReplyPlace(world, server.port)
    for (const form of readForms(file)) {
      if (values.only !== undefined && !form.text.startsWith(values.only)) continue
      if (!(await isOffered(world, form))) continue
      for (let run = 0; run < Number(values.runs); run += 1) {
        const seed = Number(values.from) + run
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
  if (values.verbose) console.log(`  made alike: ${mended.join(', ')}`)
}
