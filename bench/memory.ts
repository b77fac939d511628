import { resultOf } from './child.js'
import { compile } from './compile.js'
import { type Target, variableOf } from './target.js'

/** The memory of unanswered commands, in bytes per command. */
export interface Memory {
  readonly name: string
  /** In the JavaScript heap and in buffers. */
  readonly heap: number
  /** Growth of the process: it includes the memory of native code, and memory that the garbage collector keeps for later. */
  readonly rss: number
}

/** The title for `--only`, and the heading in the report. */
export const memoryTitle = 'Memory of 100,000 commands in flight'
const commands = 100_000

/**
 * Measures one client after the other, each in a separate process.
 *
 * @param names names of connectors; clients that are not installed are left out of the result
 */
export async function measureMemory(names: readonly string[], target: Target): Promise<Memory[]> {
  const child = await compile('memory-child')
  const measured: Memory[] = []
  for (const name of names) {
    const args = ['--expose-gc', child, name, String(commands)]
    const { heap, rss } = await resultOf<{ heap?: number; rss?: number }>(process.execPath, args, variableOf(target))
    if (heap !== undefined && rss !== undefined) measured.push({ name, heap: heap / commands, rss: rss / commands })
  }
  return measured
}
