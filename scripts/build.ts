import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

/**
 * `npm run build`: declarations by tsc, and one module for each entry point, with what they share in modules of its own.
 * Loading 130 small files took longer than running them.
 */

rmSync('dist', { recursive: true, force: true })
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
const { outputFiles } = await build({
  entryPoints: ['src/index.ts', 'src/core.ts', 'src/cluster.ts', 'src/protocol.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'es2022',
  sourcemap: true,
  logLevel: 'warning',
  write: false,
})

// esbuild imports a shared module also where nothing of it is used. No module has side effects, and bundlers warn of such imports.
const bareImport = /^import "\.\/[^"]+";$/gm
for (const { path, text } of outputFiles)
  writeFileSync(path, path.endsWith('.js') ? text.replace(bareImport, '') : text)
