import { type Status, transitions } from '../../src/connection/supervisor/state.js'
import type { Note } from '../recording/trace.js'

const width = 560
const height = 150
const boxWidth = 92
const boxHeight = 26

/** Centres of the boxes. */
const places: Readonly<Record<Status, readonly [x: number, y: number]>> = {
  idle: [60, 40],
  connecting: [210, 40],
  ready: [360, 40],
  reconnecting: [290, 115],
  closing: [440, 115],
  closed: [500, 40],
}

const isStatus = (text: string): text is Status => Object.hasOwn(places, text)

/** The state machine of respite, with the transitions of a run: an SVG without style. */
export function renderStateMachine(statuses: readonly Note[]): string {
  const way: Status[] = ['idle', ...statuses.map(({ text }) => text).filter(isStatus)]
  const steps = way.slice(1).map((to, i) => `${way[i]} ${to}`)
  const edges = Object.entries(transitions).flatMap(([from, targets]) =>
    targets.map((to) => [from as Status, to] as const),
  )
  const drawn = edges
    .map(([from, to]) => ({ from, to, taken: numbersOf(steps, `${from} ${to}`) }))
    // Drawn last, so that they are above the others.
    .sort((a, b) => a.taken.length - b.taken.length)
  return [
    `<svg class="states" viewBox="0 0 ${width} ${height}" role="img" aria-label="state machine">`,
    ...drawn.map(({ from, to, taken }) => edge(places[from], places[to], taken)),
    ...Object.entries(places).map(([name, [x, y]]) => box(name, x, y, way.includes(name as Status))),
    '</svg>',
  ].join('\n')
}

function numbersOf(steps: readonly string[], step: string): number[] {
  return steps.flatMap((each, i) => (each === step ? [i + 1] : []))
}

function box(name: string, x: number, y: number, isVisited: boolean): string {
  const corner = `x="${x - boxWidth / 2}" y="${y - boxHeight / 2}" width="${boxWidth}" height="${boxHeight}" rx="5"`
  const className = isVisited ? 'visited' : 'unvisited'
  return `<rect class="state ${className}" ${corner}/><text class="state ${className}" x="${x}" y="${y + 4}">${name}</text>`
}

/** An arc to the right of its direction, so that two opposite transitions do not overlap. */
function edge(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  taken: readonly number[],
): string {
  const length = Math.hypot(x2 - x1, y2 - y1)
  const bow = Math.max(14, length / 9)
  const [cx, cy] = [(x1 + x2) / 2 - ((y2 - y1) / length) * bow, (y1 + y2) / 2 + ((x2 - x1) / length) * bow]
  const className = taken.length > 0 ? 'taken' : 'untaken'
  const path = `<path class="edge ${className}" d="M${x1} ${y1} Q${cx.toFixed(0)} ${cy.toFixed(0)} ${x2} ${y2}"/>`
  // In the middle of the arc, which is half way to its control point.
  const [mx, my] = [(x1 + x2) / 4 + cx / 2, (y1 + y2) / 4 + cy / 2]
  const numbers = taken.length > 3 ? `${taken.slice(0, 3).join(',')}…` : taken.join(',')
  const text =
    numbers === '' ? '' : `<text class="step" x="${mx.toFixed(0)}" y="${(my + 4).toFixed(0)}">${numbers}</text>`
  return path + text
}
