import { defineConfig } from 'vitest/config'
import { reporting } from './test/support/reporting.js'

export default defineConfig({
  test: {
    ...reporting,
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.full.test.ts', 'test/containers/**', 'test/examples/**', 'test/long/**', 'test/package/**'],
    globalSetup: ['test/support/require-server.ts'],
    // Files share their process, whose code is compiled once: a test restores whatever global state it changes.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // By default one core is left free. Many tests wait for servers and timers, so two run at a time on two cores.
    maxWorkers: 2,
  },
})
