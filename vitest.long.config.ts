import { defineConfig } from 'vitest/config'
import { reporting } from './test/support/reporting.js'

export default defineConfig({
  test: {
    ...reporting,
    include: ['test/long/**/*.test.ts'],
    globalSetup: ['test/support/require-server.ts'],
    // Memory is compared after a collection of garbage that a test asks for; nothing may run beside it.
    pool: 'forks',
    execArgv: ['--expose-gc'],
    fileParallelism: false,
    testTimeout: 300_000,
  },
})
