import { spread, style, text } from './chart.js'
import { ratioOf } from './comparison.js'
import type { Measured } from './rounds.js'
import { formatEstimate } from './table.js'

/** The workloads of the small chart, and their labels. */
const rows = {
  'GET, bursts of 1,000 in one tick': 'GET, 1,000 at once',
  'GET, 64 concurrent loops': 'GET, 64 loops',
  'HGETALL of 1,000 fields': 'HGETALL, 1,000 fields',
  'GET, one at a time': 'GET, one at a time',
} as const
const clients = ['ioredis', 'node-redis'] as const

// Narrow, so that the text stays readable on a phone.
const width = 420
const left = 14
const figureWidth = 124
const barHeight = 12

/**
 * The small chart of the README, as an SVG: how many times as fast as two other clients respite is, on four workloads, with the 95%
 * intervals.
 *
 * @returns undefined if not all of these were measured
 */
export function renderSummary(measured: readonly Measured[]): string | undefined {
  const groups = Object.entries(rows).map(([title, label]) => {
    const found = measured.find((each) => each.title === title)
    return { label, ratios: clients.map((client) => found && ratioOf(found, 'respite', client)) }
  })
  const all = groups.flatMap(({ ratios }) => ratios)
  if (all.some((ratio) => ratio === undefined || ratio.high === Infinity)) return undefined
  const longest = Math.max(...all.map((ratio) => ratio?.high ?? 0))
  const perUnit = (width - 2 * left - figureWidth) / longest
  const parts: string[] = []
  let y = 60
  for (const { label, ratios } of groups) {
    parts.push(text(left, y, 'ink title', label))
    y += 8
    for (const [index, ratio] of ratios.entries()) {
      if (ratio === undefined) continue
      const length = ratio.ratio * perUnit
      const end = ratio.high * perUnit
      parts.push(
        `<rect class="own" x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
        spread(left + ratio.low * perUnit, left + end, y + barHeight / 2),
        text(left + Math.max(length, end) + 6, y + barHeight - 2, 'ink', `${formatEstimate(ratio)} ${clients[index]}`),
      )
      y += barHeight + 4
    }
    y += 18
  }
  const title = 'How many times as fast respite is'
  const height = y - 6
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    // The style of the large chart, with slightly larger text.
    `<style>${style}\n  text { font-size: 12px }\n  .head { font-size: 15px }\n</style>`,
    `<rect class="back" width="${width}" height="${height}"/>`,
    text(left, 28, 'ink head', title),
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}
