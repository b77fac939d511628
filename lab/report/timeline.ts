import type { CommandEvent, CommandTrace, Moment, Performance } from '../recording/trace.js'
import { judge } from '../verdict.js'
import { escapeHtml } from './escape.js'
import { type Tick, TimeScale } from './time-scale.js'

// Sizes in pixels.
const width = 960
const labelWidth = 132
const right = width - 12
const laneHeight = 20
const barHeight = 10
const axisHeight = 22
const tickDistance = 64

/** What a command is doing after an event, until its next. */
const phases: Readonly<Record<CommandEvent['what'], string | undefined>> = {
  called: 'queued',
  sent: 'flying',
  ran: 'flying',
  answered: 'flying',
  lost: 'lost',
  settled: undefined,
}

/** The life of every command of a performance, above it the client's status and its links: an SVG without style. */
export function renderTimeline(performance: Performance): string {
  const { commands, links, statuses, faults, durationMs } = performance
  const end = Math.max(durationMs, ...momentsOf(performance))
  const scale = new TimeScale([0, end, ...momentsOf(performance)], labelWidth, right)
  const lanes = [
    ...(statuses.length > 0 ? [statusLane(statuses, scale, end)] : []),
    ...links.map(({ id, openedAt, closedAt }) => linkLane(id, openedAt, closedAt, scale, end)),
    ...commands.map((command) => commandLane(command, scale, end)),
  ]
  const height = axisHeight + lanes.length * laneHeight + 4
  return [
    `<svg class="timeline" viewBox="0 0 ${width} ${height}" role="img" aria-label="timeline">`,
    ...ticksOf(scale).map(({ at, x }) => tick(at, x, height)),
    ...lanes.map((lane, i) => `<g transform="translate(0 ${axisHeight + i * laneHeight})">${lane}</g>`),
    ...faults.map(({ at, text }, i) => faultLine(i + 1, scale.x(at), text, height)),
    '</svg>',
  ].join('\n')
}

/** Without those whose figures would stand out. */
function ticksOf(scale: TimeScale): Tick[] {
  return scale.ticks(tickDistance).filter(({ x }) => x < right - tickDistance / 2)
}

function momentsOf({ commands, links, statuses, faults }: Performance): Moment[] {
  return [
    ...commands.flatMap(({ events }) => events.map(({ at }) => at)),
    ...links.flatMap(({ openedAt, closedAt }) => [openedAt, ...(closedAt === undefined ? [] : [closedAt])]),
    ...[...statuses, ...faults].map(({ at }) => at),
  ]
}

function statusLane(statuses: Performance['statuses'], scale: TimeScale, end: Moment): string {
  const parts = statuses.map(({ at, text }, i) => {
    const x = scale.x(at)
    const length = scale.x(statuses[i + 1]?.at ?? end) - x
    const word = length > text.length * 6.2 ? label(x + 4, text, 'word') : ''
    return `${bar(`status s-${escapeHtml(text)}`, x, length, `${text}, at ${milliseconds(at)}`)}${word}`
  })
  return `${label(0, 'status', 'name')}${parts.join('')}`
}

function linkLane(id: number, openedAt: Moment, closedAt: Moment | undefined, scale: TimeScale, end: Moment): string {
  const x = scale.x(openedAt)
  const until = scale.x(closedAt ?? end)
  const tip = `link ${id}, from ${milliseconds(openedAt)} ${closedAt === undefined ? 'on' : `to ${milliseconds(closedAt)}`}`
  const close = closedAt === undefined ? '' : mark('×', until, 'closed', tip)
  return `${label(0, `link ${id}`, 'name')}${bar('link', x, until - x, tip)}${close}`
}

function commandLane(command: CommandTrace, scale: TimeScale, end: Moment): string {
  const { name, key, events } = command
  const told = events.findIndex(({ what }) => what === 'settled')
  const parts = events.map(({ at, what, link }, i) => {
    // What is answered when its caller has been told is over.
    const phase = what === 'answered' && told !== -1 && told < i ? undefined : phases[what]
    const x = scale.x(at)
    const tip = `${what}${link === undefined ? '' : ` on link ${link}`}, at ${milliseconds(at)}`
    const until = scale.x(events[i + 1]?.at ?? end)
    return `${phase === undefined ? '' : bar(phase, x, until - x, tip)}${mark(symbols[what], x, what, tip)}`
  })
  return `${label(0, `${name} ${shortKey(key)}`, `name v-${judge(command)}`)}${parts.join('')}`
}

const symbols: Readonly<Record<CommandEvent['what'], string>> = {
  called: '|',
  sent: '▸',
  ran: '◆',
  answered: '◂',
  lost: '×',
  settled: '●',
}

/** What comes before it is the same for all keys of a performance. */
export const shortKey = (key: string): string => key.slice(key.lastIndexOf(':') + 1)

/** A time with as many digits as mean something. */
export const milliseconds = (at: Moment): string => `${at < 10 ? at.toFixed(2) : at.toFixed(at < 100 ? 1 : 0)} ms`

function tick(at: Moment, x: number, height: number): string {
  const line = `<line class="tick" x1="${fixed(x)}" x2="${fixed(x)}" y1="14" y2="${height}"/>`
  return `${line}<text class="time" x="${fixed(x + 2)}" y="10">${milliseconds(at)}</text>`
}

function faultLine(number: number, x: number, text: string, height: number): string {
  const line = `<line class="fault" x1="${fixed(x)}" x2="${fixed(x)}" y1="16" y2="${height}"/>`
  const tip = `<title>${escapeHtml(text)}</title>`
  // The first on the left of its line, the next on the right of its own: they may fall together.
  const isBefore = number % 2 === 1
  const className = isBefore ? 'fault before' : 'fault'
  return `<g>${tip}${line}<text class="${className}" x="${fixed(isBefore ? x - 3 : x + 3)}" y="20">${number}</text></g>`
}

function bar(className: string, x: number, length: number, tip: string): string {
  const y = (laneHeight - barHeight) / 2
  const size = `x="${fixed(x)}" y="${y}" width="${fixed(Math.max(1, length))}" height="${barHeight}"`
  return `<rect class="${className}" ${size}><title>${escapeHtml(tip)}</title></rect>`
}

function mark(symbol: string, x: number, className: string, tip: string): string {
  const title = `<title>${escapeHtml(tip)}</title>`
  return `<text class="mark ${className}" x="${fixed(x)}" y="${laneHeight / 2 + 4}">${title}${symbol}</text>`
}

function label(x: number, text: string, className: string): string {
  return `<text class="${className}" x="${fixed(x)}" y="${laneHeight / 2 + 4}">${escapeHtml(text)}</text>`
}

const fixed = (value: number): string => value.toFixed(1)
