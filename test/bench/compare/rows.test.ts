import { describe, expect, it } from 'vitest'
import { rows, rowsWith } from '../../../bench/compare/rows.js'
import { workloads } from '../../../bench/workloads/all.js'

describe('the rows of the comparison', () => {
  it('name existing workloads', () => {
    const titles = workloads.map(({ title }) => title)
    expect(titles).toEqual(
      expect.arrayContaining(rows.filter(({ kind }) => kind === 'workload').map(({ title }) => title)),
    )
  })

  it('have different titles', () => {
    expect(new Set(rows.map(({ title }) => title)).size).toBe(rows.length)
  })

  it('are selected by a part of the title', () => {
    expect(rowsWith('HGETALL').map(({ title }) => title)).toEqual(['HGETALL of 1,000 fields'])
    expect(rowsWith('')).toEqual(rows)
  })

  it('are rejected if none match', () => {
    expect(() => rowsWith('hgetall')).toThrow('--only: no row\'s title contains "hgetall"')
  })
})
