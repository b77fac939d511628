import { describe } from 'vitest'
import { nameOf, serverPrograms } from '../support/server.js'
import { behavesThroughFailover, failovers } from './sentinel-specification.js'

describe.each(serverPrograms())('Behind Sentinel, with %s', (program) => {
  for (const protocol of [3, 2] as const) {
    describe.each(failovers)(`RESP${protocol}: when the master $name, a client`, (failover) => {
      behavesThroughFailover(program, failover, { protocol })
    })
  }

  describe(`when servers and sentinels of ${nameOf(program)} require passwords, a client`, () => {
    const [killed] = failovers
    if (killed === undefined) throw new Error('no failover')
    behavesThroughFailover(program, killed, {}, { password: 'of the servers', sentinelPassword: 'of the sentinels' })
  })
})
