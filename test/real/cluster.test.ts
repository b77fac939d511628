import { describe } from 'vitest'
import { anyProgram, nameOf } from '../support/server.js'
import { describeCluster } from './cluster-specification.js'

// On the other servers, and what happens when servers fail: cluster.full.test.ts.
const program = anyProgram()

describe(`A cluster of ${nameOf(program)}`, () => describeCluster(program))
