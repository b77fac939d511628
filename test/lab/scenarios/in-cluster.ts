import type { MakeClient } from '../../../lab/clients/client.js'
import { makeRespite } from '../../../lab/clients/respite.js'
import { perform } from '../../../lab/perform.js'
import type { Performance } from '../../../lab/recording/trace.js'
import { scenarios } from '../../../lab/scenarios/all.js'
import type { Scenario } from '../../../lab/scenarios/scenario.js'
import { BuiltInServer } from '../../../lab/server/server.js'

/** Runs a scenario on a cluster of its own. */
export async function performInCluster(id: string, make: MakeClient = makeRespite): Promise<Performance> {
  const scenario = scenarios.find((each) => each.id === id) as Scenario
  const server = await BuiltInServer.start()
  try {
    return await perform(scenario, 'respite', make, { host: '127.0.0.1', port: server.port })
  } finally {
    await server.stop()
  }
}
