import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mustBeWritable, readCommandLine, wholeNumber } from '../../scripts/command-line.js'
import { processors, versionsOf } from '../machine.js'
import { median } from '../quantile.js'
import { clients, type Diagnostics, Projects, programs } from './projects.js'

/**
 * `npm run bench:types`: how long the compiler takes for a project that uses respite, compared with one that uses ioredis. As in most
 * projects, the compiler does not check the declarations of packages (skipLibCheck).
 */

const help = `npm run bench:types [-- OPTIONS]: how long the compiler takes for a project that uses respite, compared with ioredis

  --rounds N   default 7
  --out FILE   write the report to FILE; without it, nothing is written
  --help       this text

Exits with 2 if an option is wrong.`

const values = readCommandLine({ help }, (args) => {
  const options = { rounds: { type: 'string', default: '7' }, out: { type: 'string' } } as const
  const read = parseArgs({ args, options }).values
  return { ...read, rounds: wholeNumber('rounds', read.rounds) }
})
if (values.out !== undefined) await mustBeWritable(values.out)
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const compilers = ['./node_modules/typescript', '../../node_modules/typescript'].map((path) => {
  const { version } = JSON.parse(readFileSync(here(`${path}/package.json`), 'utf8')) as { readonly version: string }
  return { name: `TypeScript ${version}`, path: here(`${path}/bin/tsc`) }
})
const names = Object.keys(clients) as (keyof typeof clients)[]

const projects = new Projects()
const lines = [
  '| compiler | program | client | check | in all | types | instantiations |',
  '| --- | --- | --- | ---: | ---: | ---: | ---: |',
]
for (const { name, path } of compilers) {
  for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
    const found = new Map(names.map((client) => [client, [] as Diagnostics[]]))
    for (let round = 0; round < values.rounds; round += 1) {
      // The second one finds the files in the cache, so they take turns at being first.
      const turn = round % 2 === 0 ? names : names.toReversed()
      for (const client of turn) found.get(client)?.push(projects.check(path, client, program))
    }
    for (const [client, all] of found) {
      const seconds = (of: (one: Diagnostics) => number): string => `${median(all.map(of)).toFixed(2)} s`
      const { types, instantiations } = all[0] as Diagnostics
      const times = `${seconds((one) => one.checkTime)} | ${seconds((one) => one.totalTime)}`
      lines.push(`| ${name} | ${program} | ${client} | ${times} | ${types} | ${instantiations} |`)
    }
  }
}
projects.delete()

const head = `Time to check a project that uses the client: median of ${values.rounds} rounds. ${versionsOf(['ioredis']).join(', ')}; Node ${process.version}; ${processors()}.`
const text = ['# Checking types', '', head, '', ...lines, ''].join('\n')
console.log(text)
if (values.out !== undefined) writeFileSync(values.out, text)
