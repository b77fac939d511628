import type { CommandEvent, CommandTrace, LinkTrace, Moment, Performance, Said } from '../recording/trace.js'
import { judge } from '../verdict.js'
import { escapeHtml, milliseconds, shortKey } from './format.js'
import { type Tick, TimeScale } from './time-scale.js'

// Heights in pixels. Places on the time axis are percentages, so that the width can change without the text.
const laneHeight = 24
const barTop = 16
const barHeight = 5
const markBaseline = 12
const axisHeight = 22
const leastTickDistance = 9

/** The state of a command between two events. */
const phases: Readonly<Record<CommandEvent['what'], string | undefined>> = {
  called: 'queued',
  sent: 'flying',
  ran: 'flying',
  answered: 'flying',
  lost: 'lost',
  settled: undefined,
}

interface Lane {
  readonly name: string
  readonly className: string
  readonly drawing: string
}

/** A chart of one run, and the position of each moment on it. */
export interface Timeline {
  readonly html: string
  /** Position of a moment, in percent of the width. */
  placeOf(at: Moment): number
}

/**
 * The client's status, its links and each command over time: names beside an SVG that can be scrolled.
 *
 * @param more moments whose position is needed, besides those of the run
 */
export function renderTimeline(performance: Performance, title: string, more: readonly Moment[] = []): Timeline {
  const { commands, links, statuses, faults, durationMs } = performance
  const moments = [...momentsOf(performance), ...more]
  const end = Math.max(durationMs, ...moments)
  const scale = new TimeScale([0, end, ...moments], 0, 100)
  const lanes: Lane[] = [
    ...(statuses.length > 0 ? [statusLane(statuses, scale, end)] : []),
    ...links.map((link) => linkLane(link, scale, end)),
    ...commands.map((command) => commandLane(command, scale, end)),
  ]
  const height = axisHeight + lanes.length * laneHeight + 4
  const html = [
    '<div class="chart">',
    `<div class="names" aria-hidden="true">${lanes.map(({ name, className }) => `<div class="${className}">${escapeHtml(name)}</div>`).join('')}</div>`,
    `<div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(title)}">`,
    `<svg class="timeline" height="${height}" role="img" aria-label="${escapeHtml(title)}: the steps are listed below">`,
    ...ticksOf(scale).map((each) => tick(each, height)),
    ...lanes.map(({ drawing }, i) => `<g transform="translate(0 ${axisHeight + i * laneHeight})">${drawing}</g>`),
    ...faults.map(({ at, text }, i) => faultLine(i + 1, at, scale, text, height)),
    `<line class="cursor" x1="0" x2="0" y1="14" y2="${height}" visibility="hidden"/>`,
    '</svg></div></div>',
  ].join('\n')
  return { html, placeOf: (at) => scale.x(at) }
}

/** Without those whose text would not fit at the end. */
const ticksOf = (scale: TimeScale): Tick[] =>
  scale.ticks(leastTickDistance).filter(({ x }) => x < 100 - leastTickDistance)

function momentsOf({ commands, links, statuses, faults, death }: Performance): Moment[] {
  return [
    ...commands.flatMap(({ events }) => events.map(({ at }) => at)),
    ...links.flatMap(({ openedAt, leftAt, closedAt }) => [openedAt, leftAt ?? openedAt, closedAt ?? openedAt]),
    ...[...statuses, ...faults, ...(death === undefined ? [] : [death])].map(({ at }) => at),
  ]
}

function statusLane(statuses: Performance['statuses'], scale: TimeScale, end: Moment): Lane {
  const parts = statuses.map(({ at, text }, i) => {
    const x = scale.x(at)
    const length = scale.x(statuses[i + 1]?.at ?? end) - x
    // A nested SVG clips a word that does not fit.
    const word = `<svg x="${percent(x)}" width="${percent(length)}" height="${laneHeight}" data-at="${at}"><text class="word" x="2" y="${markBaseline}">${escapeHtml(text)}</text></svg>`
    return `${bar(`status s-${text}`, at, x, length, `${text}, at ${milliseconds(at)}`)}${word}`
  })
  return { name: 'status', className: 'lane', drawing: parts.join('') }
}

function linkLane({ id, node, openedAt, leftAt, closedAt }: LinkTrace, scale: TimeScale, end: Moment): Lane {
  const x = scale.x(openedAt)
  const until = scale.x(closedAt ?? end)
  const left = leftAt === undefined ? until : scale.x(leftAt)
  const tip = `link ${id}, from ${milliseconds(openedAt)} ${closedAt === undefined ? 'on' : `to ${milliseconds(closedAt)}`}`
  const drawing = [
    bar('link', openedAt, x, left - x, tip),
    leftAt === undefined
      ? ''
      : bar('left', leftAt, left, until - left, `the client has left link ${id}, at ${milliseconds(leftAt)}`),
    closedAt === undefined ? '' : mark('×', closedAt, until, 'closed', tip),
  ]
  return { name: `link ${id}${node === undefined ? '' : ` to ${node}`}`, className: 'lane', drawing: drawing.join('') }
}

function commandLane(command: CommandTrace, scale: TimeScale, end: Moment): Lane {
  const { name, key, events, said } = command
  const settled = events.findIndex(({ what }) => what === 'settled')
  const parts = events.map(({ at, what, link }, i) => {
    // A reply that arrives after the caller was told starts no new state.
    const phase = what === 'answered' && settled !== -1 && settled < i ? undefined : phases[what]
    const x = scale.x(at)
    const tip = `${what}${link === undefined ? '' : ` on link ${link}`}, at ${milliseconds(at)}`
    const until = scale.x(events[i + 1]?.at ?? end)
    // Marks of one moment stand side by side, if there is room.
    const place = i - events.findIndex((each) => each.at === at)
    const later = events.find((each) => each.at > at)
    const room = later === undefined ? 100 : scale.x(later.at) - x
    const aside = room > (place + 1) * leastMarkDistance ? place : 0
    const drawn =
      what === 'settled'
        ? mark(endOf(said), at, x, said.settled === 'error' && said.fate === 'unknown' ? 'unknown' : what, tip, aside)
        : mark(symbols[what], at, x, what, tip, aside)
    return `${phase === undefined ? '' : bar(phase, at, x, until - x, tip)}${drawn}`
  })
  return { name: `${name} ${shortKey(key)}`, className: `lane v-${judge(command)}`, drawing: parts.join('') }
}

/** The mark of each event. */
export const symbols: Readonly<Record<CommandEvent['what'], string>> = {
  called: '|',
  sent: '▸',
  ran: '◆',
  answered: '◂',
  lost: '×',
  settled: '●',
}

/** The marks of an end that is not a reply. */
export const ends = { unknown: '?', error: '○' } as const

function endOf(said: Said): string {
  if (said.settled !== 'error') return symbols.settled
  return said.fate === 'unknown' ? ends.unknown : ends.error
}

/** Pixels between marks of one moment, and how much of the smallest width they are. */
const markWidth = 9
const leastMarkDistance = (100 * markWidth) / 520

function tick({ at, x }: Tick, height: number): string {
  const line = `<line class="tick" x1="${percent(x)}" x2="${percent(x)}" y1="14" y2="${height}"/>`
  return `${line}<text class="time" x="${percent(x)}" dx="2" y="10">${milliseconds(at)}</text>`
}

function faultLine(number: number, at: Moment, scale: TimeScale, text: string, height: number): string {
  const x = percent(scale.x(at))
  const line = `<line class="fault" x1="${x}" x2="${x}" y1="16" y2="${height}"/>`
  // Numbers alternate between the left and the right of their lines, because two faults may have the same position.
  const isBefore = number % 2 === 1
  const label = `<text class="fault${isBefore ? ' before' : ''}" x="${x}" dx="${isBefore ? -3 : 3}" y="22">${number}</text>`
  return `<g data-at="${at}"><title>${escapeHtml(text)}</title>${line}${label}</g>`
}

function bar(className: string, at: Moment, x: number, length: number, tip: string): string {
  const size = `x="${percent(x)}" y="${barTop}" width="${percent(Math.max(0.2, length))}" height="${barHeight}"`
  return `<rect class="${escapeHtml(className)}" ${size} data-at="${at}"><title>${escapeHtml(tip)}</title></rect>`
}

function mark(symbol: string, at: Moment, x: number, className: string, tip: string, aside = 0): string {
  const title = `<title>${escapeHtml(tip)}</title>`
  const shift = aside === 0 ? '' : ` dx="${aside * markWidth}"`
  return `<text class="mark ${className}" x="${percent(x)}"${shift} y="${markBaseline}" data-at="${at}">${title}${symbol}</text>`
}

const percent = (value: number): string => `${value.toFixed(2)}%`
