import { fileURLToPath } from 'node:url'
import { findBinary } from '../scripts/find-server.js'
import { resultOf } from './child.js'
import type { Flags } from './flags.js'
import type { Measured } from './rounds.js'

/** What was measured on Bun. */
export interface OnBun {
  readonly version: string
  readonly measured: readonly Measured[]
}

/** Runs the workloads on Bun: the program that the variable BUN names, or one on the PATH; undefined where there is none. */
export async function measureOnBun(port: number, { rounds, time, only }: Flags): Promise<OnBun | undefined> {
  const program = process.env.BUN || findBinary('bun')
  if (program === undefined) return undefined
  const script = fileURLToPath(new URL('bun.ts', import.meta.url))
  return resultOf(program, [script, String(port), String(rounds), String(time), only])
}
