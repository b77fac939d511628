import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Runs a program that prints its results as JSON in its last line; what it measures is not disturbed by this process,
 * which waits.
 *
 * @throws what the program ended with, its messages included
 */
export async function resultOf<T>(program: string, args: readonly string[]): Promise<T> {
  const { stdout } = await run(program, args, { maxBuffer: 16 * 1024 * 1024 })
  // Native code of a client may have written to the same output before.
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T
}
