import { describe, expect, it } from 'vitest'
import { help, readFlags } from '../../../bench/compare/flags.js'

describe('the flags of the comparison', () => {
  it('default to a complete run that writes no files', () => {
    expect(readFlags([])).toEqual({ rounds: 20, time: 40, only: '', self: false, out: undefined })
  })

  it('set rounds, time, rows, file and baseline', () => {
    const args = ['--rounds', '5', '--time', '50', '--only', 'GET', '--out', 'a/b.md', '--baseline', 'self']
    expect(readFlags(args)).toEqual({ rounds: 5, time: 50, only: 'GET', self: true, out: 'a/b.md' })
  })

  it.each([
    [['--round', '3'], '--round'],
    [['--rounds', '1'], '--rounds'],
    [['--time', 'long'], '--time'],
    [['--out', 'folder'], '--out'],
    [['--baseline', '0.2'], '--baseline'],
    [['other.js'], 'other.js'],
  ])('%j are rejected by name', (args, name) => {
    expect(() => readFlags(args)).toThrow(name)
  })

  it('are all listed in the help', () => {
    for (const name of ['rounds', 'time', 'only', 'out', 'baseline', 'help']) expect(help).toContain(`--${name} `)
  })
})
