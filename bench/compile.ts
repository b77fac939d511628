import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

/**
 * Compiles a program of this folder to JavaScript; packages and the built client are not included. The measured code then runs
 * without a loader: the thread and the hooks of a loader change how memory is allocated, among other things.
 *
 * @param name the program, without its extension
 * @returns the path of the result, which is compiled once in a process
 */
export function compile(name: string): Promise<string> {
  const known = compiled.get(name) ?? build(name)
  compiled.set(name, known)
  return known
}

const compiled = new Map<string, Promise<string>>()

async function build(name: string): Promise<string> {
  const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
  // Two folders below the root, like the sources that import the client from ../../dist.
  const outfile = path(`.out/${name.replaceAll('/', '-')}.mjs`)
  await esbuild.build({
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
