import { escapeHtml, milliseconds } from '../report/format.js'
import { renderControls, renderFaults, renderRun } from '../report/run.js'
import { renderStateMachine } from '../report/state-machine.js'
import { renderTimeline } from '../report/timeline.js'
import type { ScheduleRun } from './run.js'
import type { SeedRun } from './seed.js'

/** A run of a schedule, as in the page of the lab, and the data of the server at the end. */
export function renderSchedule({ performance, data }: ScheduleRun): string {
  const rows = data.map(({ key, value }) => `<tr><td>${escapeHtml(key)}</td><td>${escapeHtml(value)}</td></tr>`)
  return [
    renderRun(performance),
    '<h4>Data of the server at the end</h4>',
    rows.length === 0 ? '<p>None.</p>' : `<table class="lines"><tbody>${rows.join('\n')}</tbody></table>`,
  ].join('\n')
}

/** A run of the simulation: its timeline, and each line of its trace. Commands that broke an invariant stand first. */
export function renderSeed(seed: number, { violations, lines, performance }: SeedRun): string {
  const accused = new Set(violations.flatMap((text) => text.match(/#\d+/g) ?? []))
  const isAccused = (text: string): boolean => accused.has(/#\d+/.exec(text)?.[0] ?? '')
  const commands = performance.commands.toSorted((a, b) => Number(isAccused(b.name)) - Number(isAccused(a.name)))
  const timeline = renderTimeline(
    { ...performance, commands },
    `Timeline of seed ${seed}`,
    lines.map(({ at }) => at),
  )
  const items = lines.map(
    ({ at, text }) =>
      `<li${isAccused(text) ? ' class="bad"' : ''} data-at="${at}" data-place="${timeline.placeOf(at).toFixed(2)}%">${milliseconds(at)}: ${escapeHtml(text)}</li>`,
  )
  const verdict =
    violations.length === 0
      ? '<p>Every invariant held.</p>'
      : `<p class="bad">Broken invariants. Commands that they name stand first, and their lines below are red:</p><ul>${violations.map((text) => `<li class="bad">${escapeHtml(text)}</li>`).join('')}</ul>`
  return [
    verdict,
    timeline.html,
    renderControls(lines.length),
    renderFaults(performance.faults),
    '<h4>States of the connection</h4>',
    renderStateMachine(performance.statuses),
    '<h4>Every line of the trace</h4>',
    `<ol class="steps">${items.join('\n')}</ol>`,
  ].join('\n')
}
