import { countOutcomes, type Outcome, outcomes } from '../outcome.js'
import type { Performance } from '../recording/trace.js'
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
    const cells = rows.map(({ counts }) => `<td class="number">${counts[outcome]}</td>`).join('')
    const swatch = `<span class="swatch" style="background: var(--o-${outcome})"></span>`
    return `<tr><th scope="row">${swatch}${escapeHtml(outcomes[outcome])}</th>${cells}</tr>`
  })
  const heads = rows.map(({ client }) => `<th scope="col" class="number">${client}</th>`).join('')
  return [
    `<div class="bars">${bars.join('\n')}</div>`,
    '<div class="scroll" tabindex="0" role="group" aria-label="Outcomes of commands, as numbers">',
    `<table class="counts"><thead><tr><th scope="col">outcome of a command</th>${heads}</tr></thead>`,
    `<tbody>${lines.join('\n')}</tbody></table></div>`,
  ].join('\n')
}
