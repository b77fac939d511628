import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { reporting } from './test/support/reporting.js'

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** For the tests of connect-redis itself: instead of node-redis they get this project. */
const connectRedis = new Map([
  ['redis', path('test/examples/connect-redis/redis.ts')],
  ['./testdata/server', path('test/examples/connect-redis/server.ts')],
  ['./', path('examples/node_modules/connect-redis/dist/connect-redis.js')],
  ['vitest', path('node_modules/vitest/dist/index.js')],
])

export default defineConfig({
  plugins: [
    {
      name: 'connect-redis',
      enforce: 'pre',
      resolveId: (source, importer) =>
        importer?.endsWith('connect-redis/index_test.ts') ? connectRedis.get(source) : undefined,
    },
  ],
  test: {
    ...reporting,
    include: ['test/examples/**/*.test.ts'],
    globalSetup: ['test/support/require-server.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
