import { describe, expect, it } from 'vitest'
import { readTrace, runSeed } from '../../../lab/browser/seed.js'
import { renderSeed } from '../../../lab/browser/show.js'
import { simulate } from '../../simulation/simulate.js'

describe('a seed of the simulation', () => {
  it.each([2, 7])('%i is a run with every call, execution and fate of the simulation', async (seed) => {
    const { calls, fates, connections } = await simulate(seed)
    const { violations, performance, lines } = await runSeed(seed)
    expect(violations).toEqual([])
    expect(performance.commands).toHaveLength(calls)
    const shown: Record<string, number> = {}
    for (const { said } of performance.commands) {
      if (said.settled === 'error') shown[String(said.fate)] = (shown[String(said.fate)] ?? 0) + 1
    }
    expect(shown).toEqual(fates)
    expect(performance.commands.every(({ said }) => said.settled !== 'never')).toBe(true)
    expect(performance.links.length).toBeGreaterThan(0)
    expect(performance.links.length).toBeLessThanOrEqual(connections)
    expect(performance.faults.length).toBeGreaterThan(0)
    const html = renderSeed(seed, { violations, performance, lines })
    expect(html.match(/<li data-at/g)).toHaveLength(lines.length)
    expect(html).toContain('Every invariant held.')
  })

  it('shows what it broke', () => {
    const run = readTrace(['      1.0  VIOLATION: #0 INCR ran twice'])
    expect(renderSeed(1, { violations: ['#0 INCR ran twice'], ...run })).toContain(
      '<li class="bad">#0 INCR ran twice</li>',
    )
  })

  it('shows the commands that broke it first, and marks their lines', () => {
    const lines = ['      1.0  #0 GET a is called', '      2.0  #1 INCR b is called', '      3.0  the server stops']
    const html = renderSeed(1, { violations: ['#1 INCR b ran twice'], ...readTrace(lines) })
    expect(html.indexOf('>#1 INCR b ')).toBeLessThan(html.indexOf('>#0 GET a '))
    expect(html.match(/<li class="bad" data-at[^>]*>([^<]*)</g)).toHaveLength(1)
    expect(html).toMatch(/<li class="bad" data-at[^>]*>2.00 ms: #1 INCR b is called/)
  })
})
