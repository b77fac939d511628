import { resultOf } from './child.js'
import { compile } from './compile.js'
import type { Target } from './target.js'

/** What unanswered commands hold, in bytes a command. */
export interface Memory {
  readonly name: string
  /** In the JavaScript heap and in buffers. */
  readonly heap: number
  /** What the process has grown by: the memory of native code, too, but also what the garbage collector keeps ready. */
  readonly rss: number
}

/** What `--only` is compared with, and the heading in the report. */
export const memoryTitle = 'Memory of 100,000 commands in flight'
const commands = 100_000

/**
 * Measures each client in a process of its own, one after the other.
 *
 * @param names of clients, as their connectors are known by; those that are not installed are left out of the result
 */
export async function measureMemory(names: readonly string[], target: Target): Promise<Memory[]> {
  const child = await compile('memory-child')
  const measured: Memory[] = []
  for (const name of names) {
    const args = ['--expose-gc', child, name, JSON.stringify(target), String(commands)]
    const { heap, rss } = await resultOf<{ heap?: number; rss?: number }>(process.execPath, args)
    if (heap !== undefined && rss !== undefined) measured.push({ name, heap: heap / commands, rss: rss / commands })
  }
  return measured
}
