import { findBinary } from '../scripts/find-server.js'
import { resultOf } from './child.js'
import { bunClients } from './clients/all.js'
import type { Entrant } from './contender.js'
import type { Measured } from './rounds.js'
import { bareName } from './workloads/workload.js'

/** The name of the figures of respite on Node, on the same core. */
export const onNodeName = 'respite on Node'

/** The figures on Bun, and those of respite on Node for comparison. */
export interface OnBun {
  readonly version: string
  readonly measured: readonly Measured[]
}

/**
 * Measures Bun's own client and respite, both on Bun, and respite on Node.
 *
 * @param measureThem measures contenders under a name
 * @returns undefined if the variable BUN names no program, and there is none on the PATH
 */
export async function measureOnBun(
  measureThem: (entrants: readonly Entrant[], name: string) => Promise<Measured[]>,
): Promise<OnBun | undefined> {
  const program = process.env.BUN || findBinary('bun')
  if (program === undefined) return undefined
  const version = await resultOf<string>(program, ['--print', 'JSON.stringify(Bun.version)'])
  const entrants = [
    ...[...bunClients, bareName].map((name) => ({ name, program })),
    { name: 'respite', label: onNodeName },
  ]
  return { version, measured: await measureThem(entrants, 'Bun') }
}
