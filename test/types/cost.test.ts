import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { Projects } from '../../bench/types/projects.js'

const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
const projects = new Projects()
afterAll(() => projects.delete())

/** By what the compiler counts, which is the same on any machine. `npm run bench:types` measures the time. */
it('a program of typical calls makes the compiler create few types', () => {
  const { types, instantiations } = projects.check(compiler, 'respite', '1,080 calls in 40 functions')
  // Now 4,553 and 3,658; a program with ioredis has 2,616 types. XADD in any order of its options alone had 11,000.
  expect(types).toBeLessThan(5_500)
  expect(instantiations).toBeLessThan(4_500)
})
