import { build, type Plugin } from 'esbuild'
import { describe, expect, it } from 'vitest'

interface Bundle {
  readonly text: string
  /** Files of src of which something is left. */
  readonly files: readonly string[]
}

/** Modules that are loaded on demand are files apart, which are not looked at here. */
const apart: Plugin = {
  name: 'on-demand modules apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined))
  },
}

/** What a bundler keeps of src for one import. */
async function bundle(code: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    metafile: true,
    plugins: [apart],
    write: false,
    logLevel: 'error',
  })
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs))
  const kept = inputs.filter(([name, { bytesInOutput }]) => name.startsWith('src/') && bytesInOutput > 0)
  return { text: outputFiles[0]?.text ?? '', files: kept.map(([name]) => name).sort() }
}

describe('Of a program that imports', () => {
  it('nothing by name, a bundler keeps nothing', async () => {
    expect(await bundle("import './src/index.ts'")).toEqual({ text: '', files: [] })
  })

  it('one error class, it keeps that class and its base', async () => {
    const { text, files } = await bundle("export { UsageError } from './src/index.ts'")
    expect(files).toEqual(['src/errors.ts'])
    expect(text).toContain('USAGE')
    for (const code of ['HANDSHAKE_FAILED', 'TIMEOUT', 'QUEUE_FULL']) expect(text).not.toContain(code)
    expect(text.length).toBeLessThan(1_200)
  })

  it('the rule of retries, it keeps one file', async () => {
    const { text, files } = await bundle("export { allowsReplay } from './src/commands/retry.ts'")
    expect(files).toEqual(['src/commands/retry.ts'])
    expect(text.length).toBeLessThan(300)
  })

  it.each([
    ['retryClassOf', './src/commands/catalogue.ts', []],
    // It checks its arguments.
    ['script', './src/index.ts', ['src/errors.ts', 'src/options/resolve.ts', 'src/options/rules.ts']],
  ])('%s, it keeps the table of commands and nothing of connections', async (name, file, others) => {
    const { files } = await bundle(`export { ${name} } from '${file}'`)
    expect(files).toContain('src/commands/catalogue.ts')
    expect(files.filter((kept) => !/^src\/(commands|protocol)\//.test(kept))).toEqual(others)
  })
})
