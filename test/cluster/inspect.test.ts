import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { createCluster } from '../../src/cluster.js'

it('console.log of a cluster shows its status, nodes and counters, but no secrets', () => {
  const cluster = createCluster('redis://user:secret@localhost:7000', { sets: 'set' })
  const text = inspect(cluster, { breakLength: Infinity, compact: true })
  expect(text).toMatch(/^Cluster \{ status: 'idle', nodes: \[/)
  expect(text).toContain('queued: 0')
  expect(text).not.toContain('secret')
  cluster.destroy()
  expect(inspect(cluster)).toContain("status: 'closed'")
})
