import type { BuildOptions } from 'esbuild'

/** How the published code is made of the sources. */
export const buildOptions = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'es2022',
  // Names stay. Writes constants, such as the byte CR, where they are used: esbuild declares what is at the top of a module with
  // `var`, which the engine must read at each use. Encoder and decoder were slower by a tenth for it.
  minifySyntax: true,
} as const satisfies BuildOptions
