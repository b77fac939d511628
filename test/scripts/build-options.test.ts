import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { buildOptions, withConstants } from '../../scripts/build-options.js'

describe('the published code', () => {
  it('has constants of other files where they are used, and declares its own as such', async () => {
    const { outputFiles } = await build({ ...buildOptions, entryPoints: ['src/protocol/encoder.ts'], write: false })
    const code = await withConstants(outputFiles.map(({ text }) => text).join(''))
    // How the CR LF after an argument is written.
    expect(code).toMatch(/slab\[at\] = 13, slab\[at \+ 1\] = 10/)
    expect(code).toMatch(/^const firstSlabBytes=4 \* 1024,.*\bloopCharacters = 32,/m)
    expect(code).not.toMatch(/^var /m)
  })
})

describe('withConstants', () => {
  it('leaves what is assigned later', async () => {
    const code = 'var a = 1;\nvar b = {\n  x: 1\n}, c = 2;\nfunction f() { c = a; }\nvar d = 3;'
    expect(await withConstants(code)).toBe(code.replace('var a = ', 'const a=').replace('var d = ', 'const d='))
  })

  it('leaves what has no value yet', async () => {
    const code = 'var a = 1, b;\nvar c = 2;\nfunction f() { b ??= a; }'
    expect(await withConstants(code)).toBe(code.replace('var c = ', 'const c='))
  })

  it('keeps every column, for the source map', async () => {
    const code = 'var Name = class {\n};'
    expect(await withConstants(code)).toHaveLength(code.length)
  })

  it('fails where it is given no JavaScript', async () => {
    await expect(withConstants('let = = 1')).rejects.toThrow('no declaration at line 1')
  })
})
