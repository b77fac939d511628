import { defineConfig } from 'vitest/config'
import { reporting } from './test/support/reporting.js'

/** Tests that are too long for each run of `npm test`: they stand beside the short ones of the same subject. */
export default defineConfig({
  test: {
    ...reporting,
    // The others do more here than in the default run.
    include: [
      'test/**/*.full.test.ts',
      'test/classes/*.test.ts',
      'test/commands/key-prefix.test.ts',
      'test/lab/main.test.ts',
      'test/lab/scenarios/scenarios.test.ts',
      'test/linearizability/real.test.ts',
      'test/once/{cuts,losses,once,replies}.test.ts',
      'test/real/{access,faults,fence,haproxy,main,max-clients,no-false-fate,opening,own-connections,scan,shutdown}.test.ts',
      'test/simulation/simulation.test.ts',
      'test/simulation/cluster/cluster-simulation.test.ts',
    ],
    env: { RESPITE_FULL: 'yes' },
    globalSetup: ['test/support/require-server.ts'],
    setupFiles: ['test/support/watchdog.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
