import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build, transform } from 'esbuild'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { buildOptions, withConstants } from './build-options.js'
import { compact } from './source-map.js'

/**
 * `npm run build`: declarations by tsc, and one module for each entry point, with what they share in modules of its own.
 * Loading 130 small files took longer than running them. `dist/cjs` holds the same modules as CommonJS, for programs whose
 * `require` can't load ES modules. See docs/decisions/0015, and build-options.ts.
 */

const outdir = 'dist'
const cjs = join(outdir, 'cjs')
const entries = ['index', 'core', 'cluster', 'protocol']

rmSync(outdir, { recursive: true, force: true })
mkdirSync(cjs, { recursive: true })
writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n')

const { outputFiles } = await build({
  entryPoints: entries.map((name) => `src/${name}.ts`),
  ...buildOptions,
  outdir,
  splitting: true,
  sourcemap: 'external',
  sourcesContent: false,
  logLevel: 'warning',
  write: false,
})

// esbuild imports a shared module also where nothing of it is used. No module has side effects, and bundlers warn of such imports.
const bareImport = /^import "\.\/[^"]+";$/gm
const hashes = outputFiles.flatMap(({ path }) => /-([0-9A-Z]{8})\.js$/.exec(path)?.[1] ?? [])
const texts = new Map(outputFiles.map(({ path, text }) => [numbered(path), numbered(text)]))
for (const [path, text] of texts) {
  if (!path.endsWith('.js')) continue
  const { code, map } = compact(await withConstants(text.replace(bareImport, '')), texts.get(`${path}.map`) ?? '')
  writeFileSync(path, `${code}//# sourceMappingURL=${basename(path)}.map\n`)
  writeFileSync(`${path}.map`, map)
  writeFileSync(join(cjs, basename(path)), await commonJs(code))
}

await declarations()

/**
 * One file of declarations for each entry point, with what they share, and nothing that they do not need. They stand in `dist/cjs`,
 * as those of CommonJS modules, which declarations of ES modules can pass on. The other way round, TypeScript refuses it.
 */
async function declarations(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'respite-types-'))
  const compiler = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', folder]
  execFileSync(process.execPath, compiler, { stdio: 'inherit' })
  const input = Object.fromEntries(entries.map((name) => [name, join(folder, `${name}.d.ts`)]))
  const bundle = await rollup({ input, plugins: [dts()], external: /^node:/ })
  await bundle.write({ dir: cjs, chunkFileNames: 'shared.d.ts' })
  await bundle.close()
  rmSync(folder, { recursive: true })
  for (const name of entries) writeFileSync(join(outdir, `${name}.d.ts`), `export * from './cjs/${name}.js'\n`)
}

/**
 * esbuild names shared modules by a hash of their contents. Numbers compress better, and with them, the size of the package does not
 * change by chance. They have the same length, so that the source map still holds.
 */
function numbered(text: string): string {
  return hashes.reduce((all, hash, index) => all.replaceAll(`-${hash}.`, `-${String(index).padStart(8, '0')}.`), text)
}

/** `import()` becomes `require`: Jest and older bundlers know no other way to load a module on demand. */
async function commonJs(code: string): Promise<string> {
  const result = await transform(code, {
    format: 'cjs',
    platform: 'node',
    target: buildOptions.target,
    supported: { 'dynamic-import': false },
    minify: true,
    keepNames: true,
  })
  return result.code
}
