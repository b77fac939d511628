import { describe } from 'vitest'
import { nameOf, serverPrograms } from '../support/server.js'
import { describeCluster, describeFailures } from './cluster-specification.js'

describe.each(serverPrograms())('A cluster of %s', (program) => {
  describe('with RESP3', () => describeCluster(program))
  describe('with RESP2', () => describeCluster(program, { protocol: 2 }))
  describe(`when servers of ${nameOf(program)} fail`, () => describeFailures(program))
})
