import { defineConfig } from 'vitest/config'
import { reporting } from './test/support/reporting.js'

export default defineConfig({
  test: {
    ...reporting,
    include: ['test/**/*.test.ts'],
    exclude: ['test/containers/**', 'test/long/**', 'test/runtimes/**'],
    globalSetup: ['test/support/require-server.ts'],
    testTimeout: 20_000,
  },
})
