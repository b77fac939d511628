import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build, transform } from 'esbuild'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'

/**
 * `npm run build`: declarations by tsc, and one module for each entry point, with what they share in modules of its own.
 * Loading 130 small files took longer than running them. `dist/cjs` holds the same modules as CommonJS, for programs whose
 * `require` can't load ES modules. See docs/decisions/0015.
 */

const outdir = 'dist'
const cjs = join(outdir, 'cjs')
const target = 'es2022'
const entries = ['index', 'core', 'protocol']

rmSync(outdir, { recursive: true, force: true })
mkdirSync(cjs, { recursive: true })
writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n')

const { outputFiles } = await build({
  entryPoints: entries.map((name) => `src/${name}.ts`),
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target,
  sourcemap: true,
  // The package holds src: the maps point there.
  sourcesContent: false,
  logLevel: 'warning',
  write: false,
})

// esbuild imports a shared module also where nothing of it is used. No module has side effects, and bundlers warn of such imports.
const bareImport = /^import "\.\/[^"]+";$/gm
for (const { path, text } of outputFiles) {
  if (!path.endsWith('.js')) {
    writeFileSync(path, text)
    continue
  }
  const code = text.replace(bareImport, '')
  writeFileSync(path, code)
  writeFileSync(join(cjs, basename(path)), await commonJs(code))
}

await declarations()

/**
 * One file of declarations for each entry point, with what they share, and nothing that they do not export. A folder of
 * type `commonjs` makes the same files those of CommonJS modules.
 */
async function declarations(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'respite-types-'))
  const compiler = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', folder]
  execFileSync(process.execPath, compiler, { stdio: 'inherit' })
  const input = Object.fromEntries(entries.map((name) => [name, join(folder, `${name}.d.ts`)]))
  const bundle = await rollup({ input, plugins: [dts()], external: /^node:/ })
  for (const dir of [outdir, cjs]) await bundle.write({ dir, chunkFileNames: 'shared.d.ts' })
  await bundle.close()
  rmSync(folder, { recursive: true })
}

/** `import()` becomes `require`: Jest and older bundlers know no other way to load a module on demand. */
async function commonJs(code: string): Promise<string> {
  const result = await transform(code.replace(/^\/\/# sourceMappingURL=.*$/m, ''), {
    format: 'cjs',
    platform: 'node',
    target,
    supported: { 'dynamic-import': false },
    minifyWhitespace: true,
  })
  return result.code
}
