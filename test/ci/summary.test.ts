import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exceptions, type Report, summarize } from '../../.ci/summary.js'
import { runProgram } from '../support/run-program.js'

/** A report with these tests of one file. */
function report(tests: Readonly<Record<string, string>>, file = 'test/a.test.ts'): Report {
  const statuses = Object.values(tests)
  const count = (status: string): number => statuses.filter((each) => each === status).length
  return {
    success: count('failed') === 0,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    testResults: [
      {
        name: resolve(file),
        assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
      },
    ],
  }
}

describe('the release check', () => {
  it('counts what passed, failed and was skipped', () => {
    const { lines, faults } = summarize({
      tests: report({ one: 'passed', two: 'skipped' }),
      full: report({ two: 'passed', three: 'failed' }),
    })
    expect(lines).toEqual(['2 passed, 1 failed, 1 skipped'])
    expect(faults).toEqual(['full: it failed'])
  })

  it('accepts that one suite skips what another one runs', () => {
    const tests = report({ one: 'passed', two: 'skipped', three: 'pending' })
    const full = report({ two: 'passed', three: 'passed' })
    expect(summarize({ tests, full }).faults).toEqual([])
    // The same title in another file is another test.
    const elsewhere = report({ two: 'passed', three: 'passed' }, 'test/b.test.ts')
    expect(summarize({ tests, full: elsewhere }).faults).toEqual([
      'tests: skipped, and run by no other suite: test/a.test.ts: two',
      'tests: skipped, and run by no other suite: test/a.test.ts: three',
    ])
  })

  it('names an exception, and accepts it only where it applies', () => {
    const tests = report({ one: 'passed', two: 'skipped' })
    const exception = (applies: boolean) => [{ file: 'test/a.test.ts', why: 'it is Monday', applies: () => applies }]
    const { lines, faults } = summarize({ tests }, exception(true))
    expect(lines).toEqual([
      'tests: skipped, because it is Monday: test/a.test.ts: two',
      '1 passed, 0 failed, 1 skipped',
    ])
    expect(faults).toEqual([])
    expect(summarize({ tests }, exception(false)).faults).toHaveLength(1)
  })

  it('names tests that there are as exceptions', () => {
    expect(exceptions.map(({ file }) => file)).toEqual(['test/lab/clients/bun.test.ts'])
  })

  it('fails if a file could not be run, although none of its tests is counted as failed', () => {
    expect(summarize({ full: { ...report({ one: 'passed' }), success: false } }).faults).toEqual(['full: it failed'])
  })

  it('fails if no test ran', () => {
    expect(summarize({ package: report({}) }).faults).toEqual(['package: no test ran'])
  })

  it('fails if a report is missing, and says what is on the machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'respite-summary-'))
    try {
      const [tests, full] = [join(folder, 'tests.json'), join(folder, 'full.json')]
      writeFileSync(tests, JSON.stringify(report({ one: 'passed' })))
      const good = await runProgram('.ci/summary.ts', tests)
      expect(good.code).toBe(0)
      expect(good.output).toMatch(/^haproxy: .+$/m)
      expect(good.output).toMatch(/^Bun: .+$/m)
      expect(good.output).toMatch(/\n1 passed, 0 failed, 0 skipped\n$/)
      const missing = await runProgram('.ci/summary.ts', tests, full)
      expect(missing.code).toBe(1)
      expect(missing.output).toContain('full: there is no report: ')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
