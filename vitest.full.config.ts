import { defineConfig } from 'vitest/config'
import { reporting } from './test/support/reporting.js'

/** Tests that are too long for each run of `npm test`: they stand beside the short ones of the same subject. */
export default defineConfig({
  test: {
    ...reporting,
    include: ['test/**/*.full.test.ts'],
    globalSetup: ['test/support/require-server.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
