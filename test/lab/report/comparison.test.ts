import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { clients } from '../../../lab/clients/all.js'
import { comparisonIn, comparisonOf, replaceComparison } from '../../../lab/report/comparison.js'
import { scenarios } from '../../../lab/scenarios/all.js'
import { answered, command, failed, performanceOf } from '../traces.js'

const page = readFileSync(new URL('../../../docs/failure-handling.md', import.meta.url), 'utf8')

describe('the comparison', () => {
  const comparison = comparisonOf({
    version: 1,
    environment: ['Server: /usr/bin/redis-server, started on port 1234 (redis 7.0.15), Node v24', 'respite 0.1.0'],
    performances: [
      performanceOf({ commands: [command(answered('1'), 1), command(failed('unknown'), 1)] }),
      performanceOf({ client: 'other', commands: [command(answered('2'), 2, { mayRun: 1 })] }),
    ],
  })

  it('counts the outcomes of each client, and has its result in each scenario', () => {
    expect(comparison).toContain('| ran, and the caller knows it | 1 | 0 |')
    expect(comparison).toContain('| unknown, and the client says so | 1 | 0 |')
    expect(comparison).toContain('| B | good | 1 ran twice |')
  })

  it('names versions, and nothing of this machine', () => {
    expect(comparison.split('\n')[0]).toBe('Server: redis 7.0.15, Node v24; respite 0.1.0')
  })

  it('replaces the one in a page, and nothing else', () => {
    const changed = replaceComparison(page, comparison)
    expect(comparisonIn(changed)).toBe(comparison)
    expect(replaceComparison(changed, comparisonIn(page))).toBe(page)
    expect(() => replaceComparison('no page', comparison)).toThrow('no place')
  })
})

describe('docs/failure-handling.md', () => {
  it('names only scenarios of the lab in its claims', () => {
    const tour = page.slice(0, page.indexOf('## The comparison'))
    const ids = scenarios.map(({ id }) => id)
    const inParentheses = [...tour.matchAll(/\(((?:`[\w-]+`,?\s*)+)[:)]/g)]
    const named = inParentheses.flatMap(([, list = '']) => [...list.matchAll(/`([\w-]+)`/g)].map(([, id = '']) => id))
    expect(named.length).toBeGreaterThan(25)
    expect(named.filter((id) => !ids.includes(id))).toEqual([])
  })

  it('compares all clients of the lab in all scenarios, and respite is good in each', () => {
    const comparison = comparisonIn(page)
    expect(comparison).toContain(`| scenario | ${Object.keys(clients).join(' | ')} |`)
    for (const { id } of scenarios) expect(comparison).toMatch(new RegExp(`^\\| ${id} \\| good`, 'm'))
  })
})
