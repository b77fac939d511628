import { describe, expect, it } from 'vitest'
import { formatMicroseconds, formatRate, table } from '../../bench/table.js'

describe('table', () => {
  it('is Markdown, with numbers aligned right', () => {
    expect(table([{ title: 'client', align: 'left' }, { title: 'rate' }], [['respite', '12'], ['none']])).toBe(
      ['| client | rate |', '| --- | ---: |', '| respite | 12 |', '| none |  |'].join('\n'),
    )
  })

  it('escapes cells that would end their column', () => {
    expect(table([{ title: 'a' }], [['x | y']])).toContain('| x \\| y |')
  })
})

describe('figures in tables', () => {
  it('are shortened for large rates', () => {
    expect(formatRate(1_181_400)).toBe('1181 k')
    expect(formatRate(9_999.4)).toBe('9999')
  })

  it('have about three digits', () => {
    expect([0.123, 45.67, 1_234.5].map(formatMicroseconds)).toEqual(['0.12', '45.7', '1235'])
  })
})
