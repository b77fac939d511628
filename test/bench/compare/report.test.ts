import { describe, expect, it } from 'vitest'
import { renderReport } from '../../../bench/compare/report.js'
import { summarize } from '../../../bench/compare/summary.js'
import { measured } from './figures.js'

const circumstances = { environment: ['a machine'], rounds: 2, time: 150, self: false }
const report = (...rows: ReturnType<typeof measured>[]): string => renderReport(rows.map(summarize), circumstances)

describe('the report of the comparison', () => {
  it('has a line for each row, with both figures and the verdict', () => {
    expect(report(measured('LRANGE', [20_000, 25_000], [20_000, 25_000]))).toContain(
      '| LRANGE of 1,000 | 1.250x | 1.250 to 1.250 | 20 k commands/s | 25 k commands/s | faster |',
    )
  })

  it('names the rows that fail', () => {
    const text = report(measured('LRANGE', [100, 90], [100, 90]), measured('HGETALL', [100, 100], [100, 100]))
    expect(text).toContain('Fails: LRANGE of 1,000.')
    expect(text).toContain('| **slower** |')
  })

  it('says that no row fails, and which rows are too noisy', () => {
    const text = report(measured('LRANGE', [100, 80], [100, 120]), measured('HGETALL', [100, 100], [100, 100]))
    expect(text).toContain('Nothing fails.')
    expect(text).toContain('Not certain enough to rule out a loss of 3%: LRANGE of 1,000.')
  })

  it('has no verdict on memory', () => {
    expect(report(measured('Memory', [500, 700], [500, 700]))).toContain('| 500 B | 700 B | not judged |')
  })

  it('says how decoding time grows, if it was measured', () => {
    expect(report(measured('a bulk', [100, 100], [100, 100]))).toContain('2.000x (2.000 to 2.000) | ok |')
    expect(report(measured('LRANGE', [100, 100], [100, 100]))).not.toContain('200 MB')
  })
})
