import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../support/run-program.js'

const folder = mkdtempSync(join(tmpdir(), 'respite-required-'))
const file = join(folder, 'file')
beforeAll(() => writeFileSync(file, 'not what is expected'))
afterAll(() => rmSync(folder, { recursive: true }))

type Case = [tool: string, args: string[], reason: string]

describe('what a tool cannot do without', () => {
  const [sim, lab] = ['test/simulation/main.ts', 'lab/main.ts']
  const closed = 'redis://127.0.0.1:1'

  it.each<Case>([
    [sim, ['--compare', join(folder, 'none')], 'ENOENT'],
    [sim, ['--compare', file], 'incorrect header check'],
    [sim, ['--record', join(file, 'below'), '--seeds', '1'], 'ENOTDIR'],
    [sim, ['--src', folder], 'no file there has'],
    [lab, ['--url', closed, '--out', folder], 'ECONNREFUSED'],
    [lab, ['--scenario', './none.mjs', '--out', folder], 'none.mjs'],
    [lab, ['--client', './none.mjs', '--out', folder], 'none.mjs'],
    [lab, ['--built-in', '--out', join(file, 'below')], 'ENOTDIR'],
    [lab, ['--serve', '--out', join(file, 'below')], 'ENOTDIR'],
    ['test/fuzz/main.ts', ['--url', closed], 'ECONNREFUSED'],
  ])('is named in one line, with exit code 2: %s %j', async (program, args, reason) => {
    const { code, output } = await runProgram(program, ...args)
    expect(output).toContain(reason)
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })

  it('leaves nothing where it was to write', async () => {
    const empty = join(folder, 'new', 'folder')
    await runProgram('bench/run.ts', '--baseline', join(folder, 'none'), '--out', empty)
    expect(readdirSync(empty)).toEqual([])
  })
})
