import { describe, expect, it } from 'vitest'
import { rows } from '../../../bench/compare/rows.js'
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
})
