import { defineConfig } from 'vitest/config'
import { reporting } from './test/support/reporting.js'

export default defineConfig({
  test: {
    ...reporting,
    include: ['test/examples/*.test.ts'],
    globalSetup: ['test/support/require-server.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
