import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { buildOptions } from '../../scripts/build-options.js'

describe('the published code', () => {
  it('has constants where they are used: a variable would be read for each byte of each command', async () => {
    const { outputFiles } = await build({ ...buildOptions, entryPoints: ['src/protocol/encoder.ts'], write: false })
    const code = outputFiles.map(({ text }) => text).join('')
    expect(code).toContain('this.#slab')
    // How the CR LF after an argument is written; the constants are declared in src/protocol/bytes.ts.
    expect(code).toMatch(/slab\[at\] = 13, slab\[at \+ 1\] = 10/)
    // A constant of the file itself.
    expect(code).toMatch(/length\d? > 32\b/)
  })
})
