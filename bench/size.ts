import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { mustBeWritable, readCommandLine } from '../scripts/command-line.js'
import { loadTime } from './load-time.js'
import { apart, gzipped, sizesOnDemand } from './on-demand.js'

/**
 * `npm run size`: the size of each entry point, bundled, minified and gzipped, and the time to load it, compared with other clients.
 * `npm run size:check`: compares the entry points with their budgets; exits with 1 if one is exceeded.
 */

interface Entry {
  readonly name: string
  readonly module: string
  /** A module that the program imports anyway: only the additional size counts. */
  readonly beside?: string
  /** In kB, minified and gzipped. */
  readonly budget?: number
  /** The limit for an entry point that is still over its budget: it may shrink, but not grow. */
  readonly ceiling?: number
  /** Budgets of the modules that it loads on demand. */
  readonly onDemand?: Readonly<Record<string, number>>
}

const own: readonly Entry[] = [
  {
    name: 'respite',
    module: './dist/index.js',
    budget: 41,
    ceiling: 57.3,
    onDemand: { once: 6.3, sentinels: 3, renewal: 1 },
  },
  { name: 'respite/core', module: './dist/core.js', budget: 26, ceiling: 43, onDemand: { sentinels: 5.6 } },
  {
    name: 'respite/cluster',
    module: './dist/cluster.js',
    beside: './dist/index.js',
    budget: 7,
    ceiling: 14.7,
    onDemand: { once: 6, 'replica-reads': 1.3, 'cluster-scan': 1.3, 'cluster-sessions': 0.6 },
  },
  { name: 'respite/protocol', module: './dist/protocol.js', budget: 8 },
]
const others: readonly Entry[] = [
  { name: 'ioredis', module: 'ioredis' },
  { name: 'iovalkey', module: 'iovalkey' },
  { name: 'node-redis', module: 'redis' },
]

const help = `npm run size [-- OPTIONS]: size and load time of each entry point, bundled, minified and gzipped, compared with other clients

  --check      compare the entry points with their budgets, without other clients: npm run size:check
  --out FILE   write the table to FILE. Default: nothing is written
  --help       show this text

Exits with 1 if an entry point is larger than allowed, with 2 if an option is wrong.`

const values = readCommandLine({ help }, (args) => {
  const options = { check: { type: 'boolean', default: false }, out: { type: 'string' } } as const
  return parseArgs({ args, options }).values
})

if (values.out !== undefined) await mustBeWritable(values.out)

const folder = mkdtempSync(join(tmpdir(), 'respite-size-'))

async function bundle(module: string, format: 'esm' | 'cjs', beside?: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: {
      contents: [module, ...(beside === undefined ? [] : [beside])].map((name) => `export * from '${name}'`).join('\n'),
      resolveDir: process.cwd(),
    },
    bundle: true,
    minify: true,
    platform: 'node',
    format,
    plugins: module.startsWith('./') ? [apart()] : [],
    write: false,
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error(`${module}: no bundle`)
  return output.contents
}

/** In kB, of a program that imports it. A CommonJS bundle would contain another 0.4 kB of functions of esbuild. */
async function sizeOf({ module, beside }: Entry): Promise<number> {
  const without = beside === undefined ? 0 : gzipped(await bundle(beside, 'esm'))
  return gzipped(await bundle(module, 'esm', beside)) - without
}

/** As CommonJS, because some other clients can't be loaded otherwise. */
const loadTimeOf = ({ name, module, beside }: Entry): Promise<string> =>
  loadTime({ file: join(folder, `${name.replace('/', '-')}.cjs`), beside, bundle: () => bundle(module, 'cjs') })

const lines = values.check
  ? ['| entry point | minified, gzipped | budget |', '| --- | ---: | ---: |']
  : ['# Size', '', '| client | bundled, minified, gzipped | load |', '| --- | ---: | ---: |']
for (const entry of values.check ? own : [...own, ...others]) {
  const size = await sizeOf(entry)
  const last = values.check ? `${entry.budget} kB` : await loadTimeOf(entry)
  const name = entry.beside === undefined ? entry.name : `${entry.name}, in addition to respite`
  lines.push(`| ${name} | ${size.toFixed(1)} kB | ${last} |`)
  if (entry.budget === undefined || size <= entry.budget) continue
  console.error(`${entry.name}: ${size.toFixed(1)} kB, over its budget of ${entry.budget} kB`)
  if (size > (entry.ceiling ?? entry.budget)) process.exitCode = 1
}
/** Sizes by the name of the module: it has a row for each entry point beside which it adds a different amount. */
const shown = new Map<string, number[]>()
for (const { name: entry, module, beside, onDemand } of own) {
  for (const [name, size] of await sizesOnDemand(beside === undefined ? [module] : [module, beside])) {
    const before = shown.get(name) ?? []
    if (before.includes(size)) continue
    shown.set(name, [...before, size])
    const budget = onDemand?.[name]
    const last = values.check ? `${budget} kB` : ''
    lines.push(`| ${entry}, \`${name}\`, loaded on demand | + ${size.toFixed(1)} kB | ${last} |`)
    if (budget !== undefined && size <= budget) continue
    console.error(`${entry}, ${name}: ${size.toFixed(1)} kB, over its budget of ${budget} kB`)
    process.exitCode = 1
  }
}
if (!values.check) {
  lines.push(
    '',
    'What a part that is loaded on demand adds depends on the entry point, because code that the entry point has loaded already',
    'does not count. A part has one row for each different size; that of `respite/cluster` is in addition to `respite`.',
  )
}
rmSync(folder, { recursive: true })
const text = lines.join('\n')
console.log(text)
if (values.out !== undefined) writeFileSync(values.out, `${text}\n`)
