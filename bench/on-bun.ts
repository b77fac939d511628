import { findBinary } from '../scripts/find-server.js'
import { bunClients } from './clients/all.js'
import { startContenders } from './contender.js'
import { type Measured, measure, type Precision } from './rounds.js'
import type { Stage } from './stage.js'
import { bareName, type Workload } from './workloads/workload.js'

/** Among the figures of Bun: respite on Node, on the same core. */
export const onNodeName = 'respite on Node'

/** What was measured on Bun, and of respite on Node beside it. */
export interface OnBun {
  readonly version: string
  readonly measured: readonly Measured[]
}

/**
 * Bun's own client and respite, both on Bun, and respite on Node: Bun is the program that the variable BUN names, or one on
 * the PATH; undefined where there is none.
 */
export async function measureOnBun(
  workloads: readonly Workload[],
  stage: Stage,
  pace: Precision,
  announce: (title: string) => void,
): Promise<OnBun | undefined> {
  const program = process.env.BUN || findBinary('bun')
  if (program === undefined) return undefined
  const entrants = [
    ...[...bunClients, bareName].map((name) => ({ name, program })),
    { name: 'respite', label: onNodeName },
  ]
  const { contenders, runtime } = await startContenders(entrants, stage.target)
  const measured: Measured[] = []
  for (const workload of workloads) {
    announce(`Bun: ${workload.title}`)
    if (workload.custom !== undefined) await stage.prepare(workload.custom)
    // Targets are about Node.
    measured.push({ ...(await measure(workload, contenders, pace)), targets: {} })
  }
  await Promise.all(contenders.map((contender) => contender.close()))
  return { version: runtime, measured }
}
