import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadTime } from '../../bench/load-time.js'

const folder = mkdtempSync(join(tmpdir(), 'respite-load-time-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the load time of an entry point', () => {
  const file = join(folder, 'bundle.cjs')
  const bundle = async () => Buffer.from('module.exports = 1')

  it('is given for one that stands alone', async () => {
    expect(await loadTime({ file, beside: undefined, bundle }, 1)).toMatch(/^\d+\.\d ms$/)
  })

  it('is not given for one that is an addition to another: it would be that of both', async () => {
    expect(await loadTime({ file, beside: './dist/index.js', bundle }, 1)).toBe('')
  })
})
