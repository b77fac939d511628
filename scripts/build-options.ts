import { type BuildOptions, type Message, transform } from 'esbuild'

/** How the published code is made of the sources. */
export const buildOptions = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'es2022',
  // Writes exported constants, such as the byte CR, where they are used. Names stay.
  minifySyntax: true,
} as const satisfies BuildOptions

/**
 * Declares with `const` what never changes. In a bundle, esbuild declares all that is at the top of a module with `var`, which the
 * engine reads at each use, because it may change: the encoder and the decoder were slower by a tenth for it.
 *
 * @param code a bundle made by esbuild
 */
export async function withConstants(code: string): Promise<string> {
  const lines = code.split('\n')
  // Of the same length, so that the source map still holds.
  const changed = lines.map((line) => line.replace(/^var (\w+) = /, 'const $1='))
  for (;;) {
    const wrong = await placesOfWrongConstants(changed.join('\n'))
    if (wrong.length === 0) return changed.join('\n')
    for (const place of wrong) {
      let line = place
      // A statement may declare several, on lines of their own.
      while (line > 0 && changed[line] === lines[line]) line -= 1
      if (changed[line] === lines[line]) throw new Error(`no declaration at line ${place + 1} of a bundle`)
      changed[line] = lines[line] as string
    }
  }
}

/** The lines, from 0, that declare a constant without a value, or one that is assigned later. */
async function placesOfWrongConstants(code: string): Promise<number[]> {
  const placeOf = ({ location }: Pick<Message, 'location'>): number => (location?.line ?? 0) - 1
  try {
    const { warnings } = await transform(code, { logLevel: 'silent' })
    const assigned = warnings.filter(({ id }) => id === 'assign-to-constant')
    return [...new Set(assigned.flatMap(({ notes }) => notes.map(placeOf)))]
  } catch (error) {
    return (error as { readonly errors: readonly Message[] }).errors.slice(0, 1).map(placeOf)
  }
}
