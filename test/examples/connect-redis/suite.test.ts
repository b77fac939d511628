import { library } from '../libraries.js'

// The tests that connect-redis publishes with its package; vitest.examples.config.ts says what stands in for what they import.
await library('connect-redis/index_test.ts')
