import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * Makes plain JavaScript of a program of this folder, packages and the built client left outside: what is measured runs
 * without a loader, whose thread and hooks change, among other things, how memory is given out.
 *
 * @param name of the program, without its extension
 * @returns the path of the result
 */
export async function compile(name: string): Promise<string> {
  const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
  // Two folders below the root, as the sources that import the client from ../../dist.
  const outfile = path(`.out/${name.replaceAll('/', '-')}.mjs`)
  await build({
    entryPoints: [path(`${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    external: ['../../dist/*'],
  })
  return outfile
}
