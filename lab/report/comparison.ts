import { countOutcomes, type Outcome, outcomes } from '../outcome.js'
import type { LabTrace } from '../recording/trace.js'
import { resultOf } from '../repetition.js'

const begin = '<!-- comparison: begin, written by scripts/lab-comparison.ts -->'
const end = '<!-- comparison: end -->'

/** The results of all clients in Markdown: versions, outcomes of commands, and each scenario. */
export function comparisonOf({ environment, performances }: LabTrace): string {
  const clients = [...new Set(performances.map(({ client }) => client))]
  const scenarios = [...new Set(performances.map(({ scenario }) => scenario))]
  const counts = clients.map((client) =>
    countOutcomes(performances.filter((each) => each.client === client).flatMap(({ commands }) => commands)),
  )
  const results = scenarios.map((id) => {
    const cells = clients.map((client) => {
      const performance = performances.find((each) => each.scenario === id && each.client === client)
      return performance === undefined ? '' : resultOf(performance).text
    })
    return row([id, ...cells])
  })
  const lines = (Object.keys(outcomes) as Outcome[]).map((outcome) =>
    row([outcomes[outcome], ...counts.map((each) => String(each[outcome]))]),
  )
  const rule = row(['', ...clients].map(() => '---'))
  return [
    // Where the server's program is, and its port, mean nothing elsewhere.
    environment.join('; ').replace(/Server: [^(]*\(([^)]*)\)/, 'Server: $1'),
    '',
    row(['commands', ...clients]),
    rule,
    ...lines,
    '',
    row(['scenario', ...clients]),
    rule,
    ...results,
  ].join('\n')
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** @throws Error if the page has no place for a comparison */
export function replaceComparison(page: string, comparison: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from) throw new Error('the page has no place for a comparison')
  return `${page.slice(0, from + begin.length)}\n\n${comparison}\n\n${page.slice(to)}`
}

/** @throws Error if the page has no place for a comparison */
export function comparisonIn(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from) throw new Error('the page has no place for a comparison')
  return page.slice(from + begin.length, to).trim()
}
