import { expect, it } from 'vitest'
import { type Block, blocksOf, examplesOf, pages, sources } from './blocks.js'
import { errorsOf } from './program.js'

/** Every piece of code that readers may copy compiles, with the strict options of this project. */

/** What the compiler must find: a block of each kind, which a page could have. */
const wrong: readonly Block[] = [
  { file: 'docs/a.md', line: 7, code: "await client.get('k')\nawait client.get()\n" },
  { file: 'docs/b.md', line: 3, code: "import { createClient } from 'respite'\n\ncreateClient({ timout: 1 })\n" },
  { file: 'docs/c.md', line: 1, code: "const value: string = await client.get('k')\n" },
]

it('compiles in the README, the guides and the docstrings', () => {
  const blocks = pages.flatMap(blocksOf)
  const examples = sources.flatMap(examplesOf)
  expect(blocks.length).toBeGreaterThan(40)
  expect(examples.length).toBeGreaterThan(15)
  const found = errorsOf([...blocks, ...examples, ...wrong])
  // Together with those that must not, because starting the compiler costs most.
  expect(found.sort()).toEqual(
    ['docs/a.md:8 ', 'docs/b.md:5 ', 'docs/c.md:1 '].map((at) => expect.stringContaining(at)),
  )
  // Seconds of the compiler, which a busy machine makes many.
}, 60_000)
