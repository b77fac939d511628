import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import { mustBeWritable, readCommandLine } from '../scripts/command-line.js'
import { loadTime } from './load-time.js'

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
}

const own: readonly Entry[] = [
  { name: 'respite', module: './dist/index.js', budget: 41, ceiling: 57.3 },
  { name: 'respite/core', module: './dist/core.js', budget: 26, ceiling: 43 },
  {
    name: 'respite/cluster, in addition to respite',
    module: './dist/cluster.js',
    beside: './dist/index.js',
    budget: 7,
    ceiling: 14.7,
  },
  { name: 'respite/protocol', module: './dist/protocol.js', budget: 8 },
]
/** In kB, for modules that are loaded on demand. */
const budgetsOnDemand: Readonly<Record<string, number>> = {
  once: 6,
  sentinels: 3,
  renewal: 1,
  'replica-reads': 1.3,
  'cluster-scan': 1.3,
  'cluster-sessions': 0.6,
}
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

/** Modules that are loaded on demand, which a bundler writes to separate files: their sizes by name. */
const onDemand = new Map<string, number>()

const apart: Plugin = {
  name: 'on-demand modules apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, async ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined
      const { outputFiles } = await build({
        entryPoints: [join(resolveDir, path)],
        bundle: true,
        minify: true,
        platform: 'node',
        format: 'esm',
        // Code that they share with the entry points is loaded already.
        external: ['./chunk-*'],
        write: false,
      })
      onDemand.set(path.replace(/^\.\/|-\w+\.js$/g, ''), gzipped(outputFiles[0]?.contents ?? new Uint8Array()))
      return { path, external: true }
    })
  },
}

/** In kB. */
const gzipped = (contents: Uint8Array): number => gzipSync(contents, { level: 9 }).length / 1_000

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
    plugins: module.startsWith('./') ? [apart] : [],
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
  lines.push(`| ${entry.name} | ${size.toFixed(1)} kB | ${last} |`)
  if (entry.budget === undefined || size <= entry.budget) continue
  console.error(`${entry.name}: ${size.toFixed(1)} kB, over its budget of ${entry.budget} kB`)
  if (size > (entry.ceiling ?? entry.budget)) process.exitCode = 1
}
for (const [name, size] of onDemand) {
  const budget = budgetsOnDemand[name]
  lines.push(
    `| respite, \`${name}\`, loaded on demand | + ${size.toFixed(1)} kB | ${values.check ? `${budget} kB` : ''} |`,
  )
  if (budget !== undefined && size <= budget) continue
  console.error(`${name}: ${size.toFixed(1)} kB, over its budget of ${budget} kB`)
  process.exitCode = 1
}
rmSync(folder, { recursive: true })
const text = lines.join('\n')
console.log(text)
if (values.out !== undefined) writeFileSync(values.out, `${text}\n`)
