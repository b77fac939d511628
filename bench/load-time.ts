import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

/** An entry point whose load time is measured. */
export interface Loaded {
  /** A file that the CommonJS bundle of the entry point is written to. */
  readonly file: string
  /** A module that the program imports anyway. */
  readonly beside: string | undefined
  bundle(): Promise<Uint8Array>
}

/**
 * The time to load an entry point in a new process, for the table: the median. Empty for an addition to another module: its bundle
 * contains the other one, and the difference would be within the noise.
 */
export async function loadTime({ file, beside, bundle }: Loaded, times = 15): Promise<string> {
  if (beside !== undefined) return ''
  writeFileSync(file, await bundle())
  const script = `const t = performance.now(); require(${JSON.stringify(file)}); console.log(performance.now() - t)`
  const all = Array.from({ length: times }, () =>
    Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })),
  )
  return `${(all.sort((a, b) => a - b)[times >> 1] ?? 0).toFixed(1)} ms`
}
