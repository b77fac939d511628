import { countOutcomes, type Outcome, outcomes, verdictOf } from '../outcome.js'
import type { Performance } from '../recording/trace.js'
import { verdictWords } from '../summary.js'
import { escapeHtml } from './format.js'

/** How many commands of each client had each outcome: as bars, and as a table. */
export function renderOutcomes(clients: readonly string[], performances: readonly Performance[]): string {
  const rows = clients.map((client) => {
    const commands = performances.filter((each) => each.client === client).flatMap((each) => each.commands)
    return { client: escapeHtml(client), counts: countOutcomes(commands) }
  })
  const shown = (Object.keys(outcomes) as Outcome[]).filter((outcome) => rows.some(({ counts }) => counts[outcome] > 0))
  const bars = rows.map(({ client, counts }) => {
    const present = shown.filter((outcome) => counts[outcome] > 0)
    const label = present.map((outcome) => `${counts[outcome]} ${outcomes[outcome]}`).join('; ')
    const parts = present.map((outcome) => {
      const tip = `${counts[outcome]}: ${outcomes[outcome]}`
      return `<span style="flex: ${counts[outcome]}; background: var(--o-${outcome})" title="${escapeHtml(tip)}"></span>`
    })
    return `<span>${client}</span><div class="bar" role="img" aria-label="${escapeHtml(`${client}: ${label}`)}">${parts.join('')}</div>`
  })
  const lines = shown.map((outcome) => {
    const cells = rows.map(({ client, counts }) => {
      const count = counts[outcome]
      // Without scripts, it leads to the runs.
      const link = `<a href="#runs" data-filter="client=${encodeURIComponent(client)}&amp;outcome=${outcome}">${count}</a>`
      return `<td class="number">${count === 0 ? 0 : link}</td>`
    })
    const head = `<th scope="row">${swatchOf(outcome)}${escapeHtml(outcomes[outcome])}${remarkOn(outcome)}</th>`
    return `<tr>${head}<td>${verdictCell(outcome)}</td>${cells.join('')}</tr>`
  })
  const heads = rows.map(({ client }) => `<th scope="col" class="number">${client}</th>`).join('')
  return [
    `<div class="bars">${bars.join('\n')}</div>`,
    '<div class="scroll" tabindex="0" role="group" aria-label="Outcomes of commands, as numbers">',
    `<table class="counts"><thead><tr><th scope="col">outcome of a command</th><th scope="col">verdict</th>${heads}</tr></thead>`,
    `<tbody>${lines.join('\n')}</tbody></table></div>`,
  ].join('\n')
}

/** A square in the colour of an outcome. */
export const swatchOf = (outcome: Outcome): string =>
  `<span class="swatch" style="background: var(--o-${outcome})"></span>`

/** The word for the verdict, and the words for it in the table of results. */
function verdictCell(outcome: Outcome): string {
  const verdict = verdictOf[outcome]
  return verdict === 'true' ? verdict : `${verdict}<span class="why">${verdictWords[verdict]}</span>`
}

const remarks: Partial<Readonly<Record<Outcome, string>>> = {
  admitted: 'No client can know more at this point, so this is true.',
  misled:
    'A reply is forged or missing, and the client took the next one. A client can notice this later, and stop reading.',
  hung: 'Within 2.5 seconds (in a cluster, 10 seconds), or until the client was closed.',
}

function remarkOn(outcome: Outcome): string {
  const remark = remarks[outcome]
  return remark === undefined ? '' : `<span class="why">${remark}</span>`
}
