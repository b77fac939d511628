import { readFileSync, writeFileSync } from 'node:fs'
import { style, text } from './chart.js'

/**
 * `npm run bench:chart`: the small chart of the README, of the figures that stand in bench/results/clients.md: how many
 * times as fast as two other clients respite is, on four workloads.
 */

const results = new URL('results/clients.md', import.meta.url)
const chart = new URL('results/summary.svg', import.meta.url)

const rows = {
  'GET, bursts of 1,000 in one tick': 'GET, 1,000 at once',
  'GET, 64 concurrent loops': 'GET, 64 loops',
  'HGETALL of 1,000 fields': 'HGETALL, 1,000 fields',
  'GET, one at a time': 'GET, one at a time',
} as const
const clients = ['ioredis', 'node-redis'] as const

/** The cells of the table's line that begins with this text. */
function cells(page: string, first: string): string[] {
  const line = page.split('\n').find((each) => each.startsWith(`| ${first} |`))
  if (line === undefined) throw new Error(`bench/results/clients.md has no row "${first}"`)
  return line.split('|').map((cell) => cell.trim())
}

const width = 640
const left = 190
const perUnit = 20
const barHeight = 12

function render(page: string): string {
  const head = cells(page, 'respite is, against')
  const parts: string[] = []
  let y = 52
  for (const [row, label] of Object.entries(rows)) {
    const found = cells(page, row)
    parts.push(text(20, y + barHeight + 2, 'ink title', label))
    for (const client of clients) {
      const ratio = Number.parseFloat(found[head.indexOf(client)] ?? '')
      if (Number.isNaN(ratio)) throw new Error(`bench/results/clients.md has no figure for ${client}: ${row}`)
      const length = ratio * perUnit
      parts.push(
        `<rect class="own" x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
        text(left + length + 6, y + barHeight - 2, 'ink', `${ratio.toFixed(1)}x ${client}`),
      )
      y += barHeight + 4
    }
    y += 10
  }
  const title = 'How many times as fast as other clients respite is'
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 6}" width="${width}" height="${y + 6}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<style>${style}\n</style>`,
    `<rect class="back" width="${width}" height="${y + 6}"/>`,
    text(20, 28, 'ink head', title),
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

writeFileSync(chart, render(readFileSync(results, 'utf8')))
