import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sizesOnDemand } from '../../bench/on-demand.js'

const folder = mkdtempSync(join(tmpdir(), 'respite-on-demand-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Text of more than 1 kB, even if it is compressed. */
const large = Array.from({ length: 20 }, (_, i) => createHash('sha512').update(`${i}`).digest('base64')).join('')

/** The sizes for a package of these files, in kB: of what the entry points load on demand. */
async function sizesOf(files: Readonly<Record<string, string>>, ...entries: string[]) {
  const dist = mkdtempSync(join(folder, 'dist-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dist, name), text)
  return sizesOnDemand(entries.map((name) => join(dist, name)))
}

const loadsPart = "export const part = () => import('./part-ABC123.js')"
const part = "import { shared } from './chunk-1.js'; export const part = shared.length"
const shared = `export const shared = '${large}'`

describe('of a module that is loaded on demand', () => {
  it('a chunk counts if the entry point loads it only with the module', async () => {
    const sizes = await sizesOf({ 'index.js': loadsPart, 'part-ABC123.js': part, 'chunk-1.js': shared }, 'index.js')
    expect([...sizes]).toEqual([['part', expect.closeTo(1.4, 0)]])
  })

  it('a chunk does not count if the entry point loads it already, directly or through another chunk', async () => {
    const index = `import { size } from './chunk-2.js'; export { size }; ${loadsPart}`
    const chunk = "import { shared } from './chunk-1.js'; export const size = shared.length"
    const files = { 'index.js': index, 'chunk-2.js': chunk, 'part-ABC123.js': part, 'chunk-1.js': shared }
    expect((await sizesOf(files, 'index.js')).get('part')).toBeLessThan(0.2)
  })

  it('a chunk does not count if another entry point that the program imports loads it', async () => {
    const core = "export { shared } from './chunk-1.js'"
    const files = { 'index.js': loadsPart, 'core.js': core, 'part-ABC123.js': part, 'chunk-1.js': shared }
    expect((await sizesOf(files, 'index.js', 'core.js')).get('part')).toBeLessThan(0.2)
    expect((await sizesOf(files, 'index.js')).get('part')).toBeGreaterThan(1)
  })
})
