import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * Compiles a program of this folder to JavaScript; packages and the built client are not included. The measured code then runs
 * without a loader: the thread and the hooks of a loader change how memory is allocated, among other things.
 *
 * @param name the program, without its extension
 * @returns the path of the result
 */
export async function compile(name: string): Promise<string> {
  const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
  // Two folders below the root, like the sources that import the client from ../../dist.
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
