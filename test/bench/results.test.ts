import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ratiosOf, readResults, rounded } from '../../bench/results.js'
import { measured, rates, results } from './figures.js'

describe('the results of a run', () => {
  it('have a ratio for each pair of names in the report', () => {
    const some = [measured({ respite: rates(4, 4), ioredis: rates(2, 2), 'bare socket': rates(8, 8) })]
    const bun = [measured({ respite: rates(4, 4), 'Bun.RedisClient': rates(2, 2) })]
    const all = results({ measured: some, tls: some, onBun: { version: '1', measured: bun } })
    expect(ratiosOf(all).map(({ title, name, base }) => [title, name, base].join(' | '))).toEqual([
      'GET <one> & another | respite | ioredis',
      'GET <one> & another | respite | bare socket',
      'Over TLS: GET <one> & another | respite | ioredis',
      'Over TLS: GET <one> & another | respite | bare socket',
      'On Bun: GET <one> & another | respite | Bun.RedisClient',
    ])
  })

  it('have no ratio without respite', () => {
    expect(ratiosOf(results({ measured: [measured({ ioredis: rates(2, 2) })] }))).toEqual([])
  })

  it('are kept with six digits', () => {
    const { measured: kept } = rounded(results({ measured: [measured({ respite: rates(1234567.89, 0.123456789) })] }))
    expect(kept[0]?.figures.respite?.rates).toEqual([1234570, 0.123457])
  })
})

describe('the file of a run', () => {
  it('is named with its option if it is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'respite-results-'))
    try {
      const file = join(folder, 'clients.json')
      expect(() => readResults('--baseline', file)).toThrow(`--baseline ${file}`)
      writeFileSync(file, '{}')
      expect(() => readResults('--agree', file)).toThrow('it has no "measured"')
      const written = results({ measured: [measured({ respite: rates(1, 2) })] })
      writeFileSync(file, JSON.stringify(written))
      expect(readResults('--from', file)).toEqual(written)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
