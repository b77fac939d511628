import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('typedoc has nothing to say against the docstrings and the exported types', async () => {
  const run = promisify(execFile)
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', 'scripts/api-reference.ts', '--check'])
  expect(stdout + stderr).toBe('')
})
