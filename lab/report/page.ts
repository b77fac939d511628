import { readFileSync } from 'node:fs'
import { remarks } from '../clients/all.js'
import { groupBy } from '../group-by.js'
import { countOutcomes, outcomeOf, outcomes } from '../outcome.js'
import type { LabTrace, Performance } from '../recording/trace.js'
import { resultOf } from '../repetition.js'
import type { Lesson, Scenario } from '../scenarios/scenario.js'
import { escapeHtml } from './format.js'
import { renderOutcomes } from './outcome-bars.js'
import { renderRun } from './run.js'
import { style } from './style.js'
import { legend } from './texts.js'

/** What the page shows of a scenario. */
type About = Pick<Scenario, 'id' | 'title' | 'story' | 'lesson'>

const script = ['run-controls.js', 'page-script.js']
  .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
  .join('\n')

/** The whole page in one file, which loads nothing else: an overview, and every scenario with every client. */
export function renderPage({ environment, performances }: LabTrace, scenarios: readonly About[]): string {
  const shown = scenarios.filter(({ id }) => performances.some(({ scenario }) => scenario === id))
  const clients = [...new Set(performances.map(({ client }) => client))]
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>The failure lab of respite</title><style>${style}</style>`,
    '</head>',
    '<body><a class="skip" href="#results">Skip to the results</a><div class="page">',
    navigation(shown),
    '<main>',
    '<h1>The failure lab</h1>',
    `<p class="soft">${environment.map(escapeHtml).join('<br>')}</p>`,
    introduction,
    '<h2 id="results">Results</h2>',
    `<div class="outcomes">${renderOutcomes(clients, performances)}</div>`,
    resultNoteFor(clients),
    resultTable(shown, clients, performances),
    '<h2 id="runs">The runs, step by step</h2>',
    legend,
    filters(clients),
    ...shown.map((scenario) => section(scenario, performances)),
    '</main></div>',
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

const introduction = `<p>The lab runs each scenario with each client, through a proxy that breaks the connection. It compares what the
client tells its caller about each command with what the server ran, which the lab sees with MONITOR on a connection without
faults.</p>
<p>When a connection is lost after a request was sent and before its reply arrived, no client can know whether the server ran the
command: what became of it is <b class="unknown">unknown</b>. A client can say so, keep silent about it, or send the command again,
which may do its work twice. The errors of respite have a <code>fate</code> that says so: <code>executed</code>,
<code>not-executed</code>, <code>refused</code> (the server replied with an error) or <code>unknown</code>. To see why a command is
unknown, choose a number in the row “unknown, and the client says so”.</p>`

const resultNoteFor = (
  clients: readonly string[],
): string => `<p>Each cell leads to its run. It says <span class="good">good</span>, or how many commands were not, with the words of the
verdicts above. A scenario also has expectations of its own, such as that the client closes within a second: the run lists them.
With <code>--repeat</code>, the lab runs each scenario several times: “or” and “to” stand between results that differ.
${clients.map((client) => escapeHtml(remarks[client] ?? '')).join(' ')}</p>`

/** The results of all runs of a scenario with a client, of which the page shows one. */
function runsNote({ runs = [] }: Performance): string {
  const counts = [...groupBy(runs, ({ result }) => result)].map(
    ([result, { length }]) => `“${result}” in ${length === 1 ? 'one' : length} of them`,
  )
  return `<p>The results of ${runs.length} runs differ: ${escapeHtml(counts.join('; '))}. This run has the most frequent result.</p>`
}

function navigation(scenarios: readonly About[]): string {
  const items = scenarios.map(
    ({ id, title }) =>
      `<li data-scenario="${escapeHtml(id)}"><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a></li>`,
  )
  return [
    '<nav aria-label="Contents"><details open><summary>Contents</summary>',
    '<ol><li><a href="#results">Results</a></li><li><a href="#runs">The runs, step by step</a></li></ol>',
    `<ol>${items.join('\n')}</ol></details></nav>`,
  ].join('\n')
}

function filters(clients: readonly string[]): string {
  const boxes = clients.map(
    (client) =>
      `<label><input type="checkbox" name="client" value="${escapeHtml(client)}" checked> ${escapeHtml(client)}</label>`,
  )
  const options = Object.entries(outcomes).map(
    ([outcome, text]) => `<option value="${outcome}">${escapeHtml(text)}</option>`,
  )
  return `<form class="filters" aria-label="Filter the runs" hidden>
<fieldset><legend>Clients</legend>${boxes.join('\n')}</fieldset>
<label>Result <select name="result"><option value="all">all</option><option value="bad">not good</option><option value="good">good</option></select></label>
<label>With a command that <select name="outcome"><option value="all">has any outcome</option>${options.join('')}</select></label>
<label>Text <input type="search" name="words" placeholder="scenario, command, error"></label>
<button type="reset">Clear</button> <button type="button" data-open>Open all</button> <button type="button" data-close>Close all</button>
<output></output></form>`
}

function resultTable(
  scenarios: readonly About[],
  clients: readonly string[],
  performances: readonly Performance[],
): string {
  const rows = scenarios.map(({ id, title }) => {
    const cells = clients.map((client) => {
      const performance = performances.find((each) => each.scenario === id && each.client === client)
      if (performance === undefined) return '<td></td>'
      const { text, isGood } = resultOf(performance)
      const link = `<a href="#${idOf(performance)}">${escapeHtml(text)}</a>`
      return `<td class="${isGood ? 'good' : 'bad'}">${link}${unknownsOf(performance)}</td>`
    })
    const head = `<th scope="row"><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a></th>`
    return `<tr>${head}${cells.join('')}</tr>`
  })
  const heads = ['scenario', ...clients].map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')
  return [
    '<div class="scroll" tabindex="0" role="group" aria-label="Result of each client in each scenario">',
    `<table class="results"><thead><tr>${heads}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`,
  ].join('\n')
}

/** Commands whose fate is unknown, and the client says so, do not count against it. */
function unknownsOf({ commands }: Performance): string {
  const count = countOutcomes(commands).admitted
  return count === 0 ? '' : ` <span class="soft">${count} unknown</span>`
}

const idOf = ({ scenario, client }: Performance): string => escapeHtml(`${scenario}/${client}`)

function section({ id, title, story, lesson }: About, performances: readonly Performance[]): string {
  const runs = performances.filter(({ scenario }) => scenario === id)
  return [
    `<section class="scenario" id="${escapeHtml(id)}"><h2>${escapeHtml(title)}</h2>`,
    `<p>${escapeHtml(story)}</p>`,
    ...(lesson === undefined ? [] : [lessonOf(lesson)]),
    ...runs.map((run, i) => details(run, `${id} ${title}`, i === 0)),
    '</section>',
  ].join('\n')
}

function lessonOf({ where, known, advice }: Lesson): string {
  const parts = [
    ['Where it happens', where],
    ['What a client can know', known],
    ['What to do in an application', advice],
  ] as const
  return `<dl>${parts.map(([term, text]) => `<dt>${term}</dt><dd>${escapeHtml(text)}</dd>`).join('')}</dl>`
}

/** One run that can be opened, with what the filters need to know about it. */
function details(performance: Performance, title: string, isOpen: boolean): string {
  const { client, commands } = performance
  const { text: summary, isGood, differs } = resultOf(performance)
  const result = isGood ? 'good' : 'bad'
  const errors = commands.map(
    ({ name, said }) => `${name} ${said.settled === 'error' ? `${said.name} ${said.message}` : ''}`,
  )
  const text = [title, client, ...errors].join(' ').toLowerCase()
  const own = [...new Set(commands.map(outcomeOf))].join(' ')
  return [
    `<details class="run" id="${idOf(performance)}" data-client="${escapeHtml(client)}" data-result="${result}" data-outcomes="${own}" data-text="${escapeHtml(text)}"${isOpen ? ' open' : ''}>`,
    `<summary><h3>${escapeHtml(client)}</h3> <span class="${result}">${escapeHtml(summary)}</span></summary>`,
    `<div>${differs ? runsNote(performance) : ''}${renderRun(performance)}</div></details>`,
  ].join('\n')
}
