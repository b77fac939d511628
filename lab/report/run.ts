import { type Outcome, outcomeOf, outcomes } from '../outcome.js'
import type { CommandTrace, Note, Performance, Said } from '../recording/trace.js'
import { judge, type Verdict } from '../verdict.js'
import { explain } from './explanation.js'
import { escapeHtml, milliseconds, shortKey } from './format.js'
import { swatchOf } from './outcome-bars.js'
import { renderStateMachine } from './state-machine.js'
import { lineOf, stepsOf } from './steps.js'
import { renderTimeline, type Timeline } from './timeline.js'

/** One run of a scenario with a client: its timeline, its commands, every step, and every byte. */
export function renderRun(performance: Performance): string {
  const { scenario, client, statuses, faults, death } = performance
  const timeline = renderTimeline(performance, `Timeline of ${client} in ${scenario}`)
  return [
    timeline.html,
    renderControls(stepsOf(performance).length),
    renderFaults(faults),
    death === undefined
      ? ''
      : `<p class="bad">At ${milliseconds(death.at)} an uncaught exception would have ended the process: ${escapeHtml(death.text)}</p>`,
    '<h4>Commands</h4>',
    commandTable(performance.commands),
    ...(performance.findings.length > 0 ? ['<h4>Expectations</h4>', findingList(performance)] : []),
    ...(client === 'respite' ? ['<h4>States of the connection</h4>', renderStateMachine(statuses)] : []),
    '<h4>Details</h4>',
    stepList(performance, timeline),
    wireTable(performance),
  ].join('\n')
}

/** The faults of a run, with the numbers of the timeline. */
export const renderFaults = (faults: readonly Note[]): string =>
  `<ol class="faults">${faults.map(({ at, text }) => `<li>${escapeHtml(text)}, at ${milliseconds(at)}</li>`).join('')}</ol>`

/** The slider and the zoom of a run with so many steps: run-controls.js makes them work. */
export function renderControls(steps: number): string {
  const last = Math.max(0, steps - 1)
  return `<div class="controls" hidden><label>Time <input type="range" min="0" max="${last}" value="${last}"></label>
<span><button type="button" data-zoom="-1" aria-label="Zoom out">−</button> <button type="button" data-zoom="0" title="Original size">1×</button>
<button type="button" data-zoom="1" aria-label="Zoom in">+</button></span><output></output></div>`
}

const verdictColors: Readonly<Record<Verdict, string>> = {
  true: 'good',
  misled: 'poor',
  silent: 'poor',
  unfounded: 'bad',
  uncancelled: 'poor',
  false: 'bad',
  late: 'bad',
  twice: 'bad',
  hangs: 'bad',
}

function commandTable(commands: readonly CommandTrace[]): string {
  const rows = commands.map((command) => {
    const verdict = judge(command)
    const name = escapeHtml(`${command.name} ${shortKey(command.key)}`)
    const said = `${escapeHtml(saidOf(command.said))} <span class="why">${escapeHtml(explain(command))}</span>`
    const outcome = outcomeOf(command)
    const word = `<td class="${verdictColors[verdict]}">${verdict}<span class="why">${outcomeIn(outcome)}</span></td>`
    return `<tr data-outcome="${outcome}"><td>${name}</td><td>${said}</td><td>${runsOf(command.ran)}</td>${word}</tr>`
  })
  const heads = ['command', 'what the caller was told, and why', 'the server', 'verdict on the client']
  return `<table class="commands"><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`
}

const outcomeIn = (outcome: Outcome): string => `${swatchOf(outcome)}${escapeHtml(outcomes[outcome])}`

function saidOf(said: Said): string {
  switch (said.settled) {
    case 'value':
      return said.value
    case 'error':
      return `${said.name}${said.fate === undefined ? '' : `, fate ${said.fate}`}: ${said.message}`
    case 'never':
      return 'nothing'
  }
}

const runsOf = (ran: number): string => (ran === 0 ? 'did not run it' : ran === 1 ? 'ran it' : `ran it ${ran} times`)

function findingList({ findings }: Performance): string {
  const items = findings.map(({ text, isGood }) => {
    return `<li><span class="${isGood ? 'good' : 'bad'}">${isGood ? 'met' : 'missed'}</span>: ${escapeHtml(text)}</li>`
  })
  return `<ul>${items.join('')}</ul>`
}

function stepList(performance: Performance, { placeOf }: Timeline): string {
  const items = stepsOf(performance).map((step) => {
    const className = step.isFault ? ' class="fault"' : ''
    return `<li${className} data-at="${step.at}" data-place="${placeOf(step.at).toFixed(2)}%">${escapeHtml(lineOf(step))}</li>`
  })
  return `<details><summary>Every step</summary><ol class="steps">${items.join('\n')}</ol></details>`
}

function wireTable({ wire }: Performance): string {
  const rows = wire.map(({ at, link, from, bytes, text, missing = '', fault }) => {
    const arrow = from === 'client' ? '→' : '←'
    const arrived = escapeHtml(text.slice(0, text.length - missing.length))
    const lost = missing === '' ? '' : `<del>${escapeHtml(missing)}</del>`
    const causes = [missingOf(text, missing), fault].filter((each) => each !== undefined)
    const cause = causes.length === 0 ? '' : ` <span class="bad">${escapeHtml(causes.join(': '))}</span>`
    const note = purposeOf(text)
    const purpose = note === undefined ? '' : ` <span class="soft">(${note})</span>`
    return `<tr data-at="${at}"><td>${milliseconds(at)}</td><td>${link} ${arrow}</td><td>${bytes}</td><td>${arrived}${lost}${cause}${purpose}</td></tr>`
  })
  const heads = ['time', 'link', 'bytes', 'sent by the client (→) or the server (←); struck through: did not arrive']
  return `<details><summary>Every byte on the wire</summary><table class="wire"><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></details>`
}

function missingOf(text: string, missing: string): string | undefined {
  if (missing === '') return undefined
  return missing.length === text.length ? 'did not arrive' : 'the end did not arrive'
}

/** What a request is for that no command of the scenario explains. */
function purposeOf(text: string): string | undefined {
  if (/^\*\d+\\r\\n\$5\\r\\nHELLO\\r/.test(text)) return 'the client opens the connection'
  if (/\$6\\r\\nCLIENT\\r\\n\$4\\r\\nKILL\\r/.test(text)) {
    return 'CLIENT KILL: the client has the server close the lost connection, so that nothing from it runs later'
  }
  return undefined
}
