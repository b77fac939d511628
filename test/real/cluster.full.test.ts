import { describe, expect, it } from 'vitest'
import { runProgram } from '../support/run-program.js'
import { nameOf, serverPrograms } from '../support/server.js'
import { describeCluster, describeFailures } from './cluster-specification.js'

describe.each(serverPrograms())('A cluster of %s', (program) => {
  describe('with RESP3', () => describeCluster(program))
  describe('with RESP2', () => describeCluster(program, { protocol: 2 }))
  describe(`when servers of ${nameOf(program)} fail`, () => describeFailures(program))
})

it('npm run demo -- --cluster shows true fates while a slot moves and masters fail', async () => {
  const { code, output } = await runProgram('demo/demo.ts', '--cluster')
  expect(output).toContain('a master is killed')
  expect(output).toContain('Every fate was true.')
  expect(code).toBe(0)
})
