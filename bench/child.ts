import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Runs a program that prints its result as JSON in its last line. This process only waits, so that it does not disturb the
 * measurement.
 *
 * @param env what its environment has beyond that of this process
 * @throws Error with the messages of the program, if it fails
 */
export async function resultOf<T>(
  program: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<T> {
  const { stdout } = await run(program, args, { maxBuffer: 16 * 1024 * 1024, env: { ...process.env, ...env } })
  // Native code of a client may have written to the same output before.
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T
}
