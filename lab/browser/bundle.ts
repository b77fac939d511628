import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * Bundles a module of the lab for a browser: the client and the simulation as they are, with stand-ins for modules of Node.js.
 *
 * @param entry path, relative to this folder
 * @returns a script without imports
 */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [here(entry)],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2024',
    minify: true,
    // Modules that are imported for their effect must stay.
    ignoreAnnotations: true,
    // Names of classes are shown: errors have them.
    keepNames: true,
    inject: [here('runtime/globals.ts')],
    plugins: [
      {
        name: 'node modules',
        setup({ onResolve }) {
          onResolve({ filter: /^node:/ }, ({ path }) => ({ path: here(`runtime/${path.slice('node:'.length)}.ts`) }))
        },
      },
    ],
    // So that no string in it ends the script element that it stands in.
    supported: { 'inline-script': false },
  })
  return (outputFiles[0] as { text: string }).text
}
