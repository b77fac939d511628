import type { CommandTrace, LabTrace, Performance, Said } from '../recording/trace.js'
import type { Scenario } from '../scenarios/scenario.js'
import { summarize } from '../summary.js'
import { judge, judgePerformance, type Verdict } from '../verdict.js'
import { escapeHtml } from './escape.js'
import { renderStateMachine } from './state-machine.js'
import { style } from './style.js'
import { milliseconds, renderTimeline, shortKey } from './timeline.js'

/** What is said of a scenario; how it is played is not needed here. */
type About = Pick<Scenario, 'id' | 'title' | 'story'>

/** One page that needs nothing else: an overview, and every scenario with every client. */
export function renderPage({ environment, performances }: LabTrace, scenarios: readonly About[]): string {
  const played = scenarios.filter(({ id }) => performances.some(({ scenario }) => scenario === id))
  const clients = [...new Set(performances.map(({ client }) => client))]
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>The failure lab of respite</title><style>${style}</style>`,
    '</head>',
    '<body>',
    '<h1>The failure lab</h1>',
    `<p class="soft">${environment.map(escapeHtml).join('<br>')}</p>`,
    introduction,
    overview(played, clients, performances),
    legend,
    ...played.map((scenario) => section(scenario, performances)),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

const introduction = `<p>Each scenario is played with each client, through a proxy that breaks the connection in its own way. What
the client says of every command is held against what the server says that it ran (by MONITOR, on a connection that no
fault touches). A command is <b class="good">true</b> when both agree; an error that says that it does not know is true, too.
It is <b class="poor">silent</b> when it fails without a word whether it ran. It is bad when the word is <b
class="bad">false</b>, when a command that must not be repeated ran <b class="bad">twice</b>, when it is sent too <b
class="bad">late</b>, after its caller was told of its end, and when it <b class="bad">hangs</b>: its caller is never told.</p>`

const legend = `<p class="soft">Timelines: | called
<span class="key" style="background: var(--queued)"></span>queued ▸ sent
<span class="key" style="background: var(--flying)"></span>in flight ◆ ran ◂ answered by the server
<span class="key" style="background: var(--lost)"></span>× lost ● its caller was told. Red lines are faults, by number. The
distance between two moments grows with the logarithm of the time between them: order is true, lengths are not to be
compared. Point at anything for its time.</p>`

function overview(
  scenarios: readonly About[],
  clients: readonly string[],
  performances: readonly Performance[],
): string {
  const rows = scenarios.map(({ id, title }) => {
    const cells = clients.map((client) => {
      const performance = performances.find((each) => each.scenario === id && each.client === client)
      return performance === undefined
        ? '<td></td>'
        : `<td class="${colorOf(performance)}">${summary(performance)}</td>`
    })
    return `<tr><td><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a></td>${cells.join('')}</tr>`
  })
  const heads = ['scenario', ...clients].map((name) => `<th>${escapeHtml(name)}</th>`).join('')
  return `<div class="scroll"><table><tr>${heads}</tr>\n${rows.join('\n')}\n</table></div>`
}

const colorOf = (performance: Performance): string => (judgePerformance(performance).isGood ? 'good' : 'bad')
const summary = (performance: Performance): string => escapeHtml(summarize(performance))

function section({ id, title, story }: About, performances: readonly Performance[]): string {
  const own = performances.filter(({ scenario }) => scenario === id)
  return [
    `<section id="${escapeHtml(id)}"><h2>${escapeHtml(title)}</h2>`,
    `<p>${escapeHtml(story)}</p>`,
    ...own.map(article),
    '</section>',
  ].join('\n')
}

function article(performance: Performance): string {
  const { client, statuses, faults, death } = performance
  return [
    `<article><h3>${escapeHtml(client)}</h3> <span class="${colorOf(performance)}">${summary(performance)}</span>`,
    renderTimeline(performance),
    `<ol class="faults">${faults.map(({ at, text }) => `<li>${escapeHtml(text)}, at ${milliseconds(at)}</li>`).join('')}</ol>`,
    death === undefined
      ? ''
      : `<p class="bad">At ${milliseconds(death.at)} an exception that nobody caught would have ended the process: ${escapeHtml(death.text)}</p>`,
    commandTable(performance.commands),
    findingList(performance),
    client === 'respite' ? renderStateMachine(statuses) : '',
    wireTable(performance),
    '</article>',
  ].join('\n')
}

const verdictColors: Readonly<Record<Verdict, string>> = {
  true: 'good',
  silent: 'poor',
  false: 'bad',
  late: 'bad',
  twice: 'bad',
  hangs: 'bad',
}

function commandTable(commands: readonly CommandTrace[]): string {
  const rows = commands.map((command) => {
    const verdict = judge(command)
    const cells = [`${command.name} ${shortKey(command.key)}`, saidOf(command.said), runsOf(command.ran)]
    const judged = `<td class="${verdictColors[verdict]}">${verdict}</td>`
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}${judged}</tr>`
  })
  return `<table class="fits"><tr><th>command</th><th>what its caller was told</th><th>the server</th><th></th></tr>${rows.join('\n')}</table>`
}

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

function wireTable({ wire }: Performance): string {
  const rows = wire.map(({ at, link, from, bytes, text, fault }) => {
    const arrow = from === 'client' ? '→' : '←'
    const fate = fault === undefined ? '' : `<span class="bad">${escapeHtml(fault)}</span>`
    return `<tr><td>${milliseconds(at)}</td><td>${link} ${arrow}</td><td>${bytes}</td><td>${escapeHtml(text)}</td><td>${fate}</td></tr>`
  })
  const heads = '<tr><th>time</th><th>link</th><th>bytes</th><th></th><th>what became of them</th></tr>'
  return `<details><summary>The bytes on the wire</summary><table class="wire">${heads}${rows.join('\n')}</table></details>`
}
