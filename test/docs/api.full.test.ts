import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'respite-api-'))
afterAll(() => rmSync(folder, { recursive: true }))

// With the pages: typedoc looks at some links only when it writes them.
it('typedoc has nothing to say against the docstrings and the exported types', async () => {
  const args = ['--import', 'tsx', 'scripts/api-reference.ts', '--out', folder]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args)
  expect(stdout + stderr).not.toMatch(/warning|error/i)
  expect(existsSync(join(folder, 'index.html'))).toBe(true)
}, 120_000)
