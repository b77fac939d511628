import type { Estimate } from './compare/interval.js'
import { compare, type Line } from './comparison.js'
import type { Measured } from './rounds.js'
import { formatEstimate, formatRate } from './table.js'
import { bareName, isOther } from './workloads/workload.js'

// Sizes in pixels. The panels are placed in one column: a phone scales the image to the width of its screen, and the text stays
// readable.
const width = 440
const margin = 14
const labelWidth = 132
const figureWidth = 88
const barSpace = width - 2 * margin - labelWidth - figureWidth
/** Characters of a line of text that fit. */
const lineLength = 76
const barHeight = 12
const lineHeight = 18
const titleHeight = 22
const headHeight = 56

/** Fills by class, for light and dark: plain rules, which programs other than browsers understand, too. */
const fills = {
  back: ['#ffffff', '#0d1117'],
  ink: ['#1f2328', '#e6edf3'],
  soft: ['#59636e', '#9198a1'],
  own: ['#0969da', '#4493f8'],
  other: ['#afb8c1', '#6e7681'],
  bare: ['#d8dee4', '#3d444d'],
} as const

const fillsOf = (scheme: 0 | 1): string =>
  [
    ...Object.entries(fills).map(([name, colors]) => `.${name} { fill: ${colors[scheme]} }`),
    `.spread { stroke: ${fills.ink[scheme]} }`,
  ].join(' ')

// The chart has a background, because an image does not know the colors of the page, only the preference of the system.
export const style = `
  text { font: 11px system-ui, 'Segoe UI', Helvetica, Arial, sans-serif }
  .head { font-size: 16px; font-weight: 600 }
  .title { font-weight: 600 }
  .name { text-anchor: end }
  .spread { fill: none; stroke-width: 1 }
  ${fillsOf(0)}
  @media (prefers-color-scheme: dark) { ${fillsOf(1)} }`

/**
 * A chart as a self-contained SVG: a panel for each workload, with a bar for each client. The bars of a panel share a scale. The text
 * at each bar gives the speed of the client relative to respite, and its rate.
 *
 * @param environment versions and machine, one line for each
 */
export function renderChart(measured: readonly Measured[], environment: readonly string[]): string {
  const notes = [
    'Longer is faster. The thin line extends from the slowest to the fastest round. Then follow the speed relative to respite (1), and commands or messages per second.',
    ...environment,
  ].flatMap((line) => wrap(line, lineLength))
  const isDrawn = ({ name }: Line): boolean => name === 'respite' || name === bareName || isOther(name)
  let height = headHeight + 14 * notes.length + 10
  const drawn = measured.map((each) => {
    const lines = compare(each).filter(isDrawn)
    const y = height
    height += titleHeight + lines.length * lineHeight + 14
    return panel(each, lines, margin, y)
  })
  const title = 'The speed of clients, relative to respite'
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<style>${style}\n</style>`,
    `<rect class="back" width="${width}" height="${height}"/>`,
    text(margin, 32, 'ink head', title),
    ...notes.map((line, index) => text(margin, headHeight - 2 + 14 * index, 'soft', line)),
    ...drawn,
    '</svg>',
    '',
  ].join('\n')
}

function panel({ title }: Measured, lines: readonly Line[], x: number, y: number): string {
  const longest = Math.max(...lines.map(({ fastest }) => fastest))
  const bars = lines.map(({ name, rate, slowest, fastest, ratio }, index) => {
    const top = y + titleHeight + index * lineHeight
    const baseline = top + barHeight - 2
    const lengthOf = (value: number): number => (value / longest) * barSpace
    const length = Math.max(1, lengthOf(rate))
    const end = x + labelWidth + lengthOf(fastest)
    const relative = ratio === undefined ? '' : `${formatEstimate(inverse(ratio))} · `
    return [
      text(x + labelWidth - 6, baseline, 'ink name', name),
      `<rect class="${kind(name)}" x="${x + labelWidth}" y="${top}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
      spread(x + labelWidth + lengthOf(slowest), end, top + barHeight / 2),
      text(Math.max(x + labelWidth + length, end) + 5, baseline, 'soft', `${relative}${formatRate(rate)}`),
    ].join('\n')
  })
  return [text(x, y + 10, 'ink title', title), ...bars].join('\n')
}

/** Breaks text at spaces into lines of at most `length` characters. */
export function wrap(content: string, length: number): string[] {
  const lines: string[] = ['']
  for (const word of content.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last === '') lines[lines.length - 1] = word
    else if (last.length + 1 + word.length <= length) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function kind(name: string): string {
  if (name === 'respite') return 'own'
  return name === bareName ? 'bare' : 'other'
}

/** The speed of another client relative to respite. */
const inverse = ({ ratio, low, high }: Estimate): Estimate => ({ ratio: 1 / ratio, low: 1 / high, high: 1 / low })

/** A thin line with an end mark on each side. */
export function spread(from: number, to: number, y: number): string {
  return `<path class="spread" d="M${from.toFixed(1)} ${y - 3}v6M${from.toFixed(1)} ${y}H${to.toFixed(1)}m0 -3v6"/>`
}

export function text(x: number, y: number, className: string, content: string): string {
  return `<text class="${className}" x="${Number(x.toFixed(1))}" y="${y}">${escapeXml(content)}</text>`
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
