import { defineConfig } from 'vitest/config'
import { reporting } from './test/support/reporting.js'

export default defineConfig({
  test: {
    ...reporting,
    include: ['test/runtimes/**/*.test.ts'],
    globalSetup: ['test/support/require-server.ts'],
    testTimeout: 60_000,
  },
})
