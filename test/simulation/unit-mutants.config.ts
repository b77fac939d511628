import { join } from 'node:path'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { unitMutantsByAReader } from './mutants-by-a-reader.js'
import { changed, type Mutation, src } from './mutation.js'
import { unitMutants } from './unit-mutants.js'

/** Makes the change as the file is read. */
function plugin(mutation: Mutation): Plugin {
  const path = join(src, mutation.file)
  return {
    name: 'mutation',
    enforce: 'pre',
    transform: (text, id) => (id.split('?')[0] === path ? changed(text, mutation) : undefined),
  }
}

const mutation = { ...unitMutants, ...unitMutantsByAReader }[process.env.UNIT_MUTANT ?? '']
if (mutation === undefined) throw new Error('UNIT_MUTANT must name one of unit-mutants.ts')

/** Run by `mutants.full.test.ts` for each mutant: its test, unchanged, with a changed source. */
export default defineConfig({
  plugins: [plugin(mutation)],
  // The cache goes by the files, which are unchanged: other runs would be given the mutant.
  // One test that fails is enough.
  test: { bail: 1, fsModuleCache: false, include: [`test/${mutation.foundBy}`], testTimeout: 20_000 },
})
