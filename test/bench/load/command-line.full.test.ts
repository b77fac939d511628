import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type LoadResults, titles } from '../../../bench/load/report.js'
import { runProgram } from '../../support/run-program.js'

const load = (...args: string[]) => runProgram('bench/load/main.ts', ...args)

describe('npm run bench:load', () => {
  it('measures how late time limits fire, and writes report and figures', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'respite-load-'))
    try {
      const { code } = await load('--only', titles.limits, '--rounds', '2', '--time', '300', '--out', folder)
      expect(code).toBe(0)
      expect(readFileSync(join(folder, 'load.md'), 'utf8')).toContain(`## ${titles.limits}`)
      const { lateness } = JSON.parse(readFileSync(join(folder, 'load.json'), 'utf8')) as LoadResults
      const own = lateness.find(({ name }) => name === 'respite')?.lateness
      expect(own?.calls).toBeGreaterThan(10)
      expect(own?.fired).toBe(own?.calls)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
