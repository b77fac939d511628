import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs one of this project's programs to its end, and collects its output. */
export function runProgram(path: string, ...args: string[]): Promise<{ code: unknown; output: string }> {
  return runProgramWithin(60_000, path, ...args)
}

/** The same, but ends it by a signal after so many milliseconds: `code` is null then. */
export async function runProgramWithin(
  timeout: number,
  path: string,
  ...args: string[]
): Promise<{ code: unknown; output: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], { timeout })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const [code] = await once(child, 'close')
  return { code, output }
}
