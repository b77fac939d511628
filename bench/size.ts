import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** `npm run size`: the whole client bundled, minified and gzipped, and the time to import it, beside others. */

const packages = { respite: './dist/index.js', ioredis: 'ioredis', 'node-redis': 'redis' }
const folder = mkdtempSync(join(tmpdir(), 'respite-size-'))

async function bundle(name: string, entry: string): Promise<{ file: string; gzipped: number }> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}'`, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error(`${name}: no bundle`)
  const file = join(folder, `${name}.cjs`)
  writeFileSync(file, output.contents)
  return { file, gzipped: gzipSync(output.contents, { level: 9 }).length }
}

/** Milliseconds to load a file, in fresh processes: the median. */
function loadTime(file: string): number {
  const script = `const t = performance.now(); require(${JSON.stringify(file)}); console.log(performance.now() - t)`
  const times = Array.from({ length: 15 }, () =>
    Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })),
  )
  return times.sort((a, b) => a - b)[7] ?? 0
}

const lines = ['# Size', '', '| client | bundled, minified, gzipped | load |', '| --- | ---: | ---: |']
for (const [name, entry] of Object.entries(packages)) {
  const { file, gzipped } = await bundle(name, entry)
  lines.push(`| ${name} | ${(gzipped / 1_000).toFixed(1)} kB | ${loadTime(file).toFixed(1)} ms |`)
}
rmSync(folder, { recursive: true })
const text = lines.join('\n')
console.log(text)
writeFileSync(new URL('results/size.md', import.meta.url), `${text}\n`)
