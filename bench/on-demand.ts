import { basename, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'

/** In kB. */
export const gzipped = (contents: Uint8Array): number => gzipSync(contents, { level: 9 }).length / 1_000

/** Leaves out modules that are loaded on demand, as a bundler does that writes them to separate files. */
export const apart = (onDemand: (file: string) => void = () => {}): Plugin => ({
  name: 'on-demand modules apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined
      onDemand(resolve(resolveDir, path))
      return { path, external: true }
    })
  },
})

/** Leaves out modules that are loaded already. */
const without = (loaded: ReadonlySet<string>): Plugin => ({
  name: 'loaded modules apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) =>
      loaded.has(resolve(resolveDir, path)) ? { path, external: true } : undefined,
    )
  },
})

/**
 * What each module that is loaded on demand adds to a program, in kB, by its name. The program has loaded the entry points and what
 * they import statically. A module that only modules loaded on demand share is not among these, so it counts with each of them.
 *
 * @param entries files that the program imports
 */
export async function sizesOnDemand(entries: readonly string[]): Promise<Map<string, number>> {
  const options = { bundle: true, platform: 'node', format: 'esm', write: false } as const
  const onDemand = new Set<string>()
  const plugins = [apart((file) => onDemand.add(file))]
  const { metafile } = await build({ ...options, entryPoints: [...entries], outdir: '.', metafile: true, plugins })
  const loaded = new Set(Object.keys(metafile.inputs).map((file) => resolve(file)))
  const sizes = new Map<string, number>()
  for (const file of onDemand) {
    const { outputFiles } = await build({ ...options, minify: true, entryPoints: [file], plugins: [without(loaded)] })
    // The build adds a hash to the name.
    sizes.set(basename(file).replace(/-\w+\.js$/, ''), gzipped(outputFiles[0]?.contents ?? new Uint8Array()))
  }
  return sizes
}
