import { defineConfig } from 'vitest/config'
import { reporting } from './test/support/reporting.js'

export default defineConfig({
  test: {
    ...reporting,
    include: ['test/containers/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
