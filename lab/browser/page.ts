import { readFileSync } from 'node:fs'
import { escapeHtml } from '../report/format.js'
import { style } from '../report/style.js'
import { legend } from '../report/texts.js'
import { bundle } from './bundle.js'
import { grammar } from './schedule.js'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

const playStyle = `
textarea { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--ink); background: var(--back);
  border: 1px solid var(--queued); border-radius: 5px; padding: 6px 8px; width: 100%; resize: vertical }
.wide { flex: 1 1 100% } .wide select { max-width: 100% } input[type='number'], input[list] { font: inherit; color: var(--ink); background: var(--back);
  border: 1px solid var(--queued); border-radius: 5px; padding: 3px 8px; max-width: 100% } input[type='number'] { width: 110px }
.steps li, .controls output { overflow-wrap: anywhere } .lines { width: auto } .lines td { padding-right: 16px } .single { max-width: 1000px; margin: 0 auto; padding: 16px }
`

/** A page in one file, in which the client, the simulated network and the model of a server run. It loads nothing else. */
export async function renderPlayPage(): Promise<string> {
  const scripts = [read('../report/run-controls.js'), await bundle('entry.ts'), read('play-script.js')]
  const rows = grammar.map(
    ([line, meaning]) => `<tr><td><code>${escapeHtml(line)}</code></td><td>${escapeHtml(meaning)}</td></tr>`,
  )
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Failures of respite in your browser</title><style>${style}${playStyle}</style>`,
    '</head>',
    '<body><main class="single">',
    '<h1>The failure lab in your browser</h1>',
    introduction,
    formWith(`<table class="lines"><tbody>${rows.join('\n')}</tbody></table>`),
    '<p class="bad" role="alert" data-part="failure"></p>',
    '<h2>The run</h2>',
    '<details class="run" open><summary><h3 data-part="title">A schedule</h3></summary><div data-part="run"></div></details>',
    ledger,
    legend,
    seedForm,
    '</main>',
    ...scripts.map((script) => `<script>${script}</script>`),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

const introduction = `<p>This page runs the code of respite, a client for Redis and Valkey, on a simulated network and with a model of a
server, in virtual time. You say what the application calls and what goes wrong, and when. You see what the client knows, what it
tells the caller, and what the server did. Every time, the same schedule gives the same run. The address of this page contains the
schedule: send it to show someone the run.</p>
<p>The errors of the client have a <code>fate</code>, which says whether the server ran the command: <code>executed</code>,
<code>not-executed</code>, <code>refused</code> (the server replied with an error), or <b class="unknown">unknown</b>.</p>`

const formWith = (lines: string): string => `<form data-part="form" aria-label="Schedule">
<label class="wide">Example <select data-part="example"><option value="">choose one</option></select></label>
<label class="wide">Schedule: one line for each event, which begins with its time in milliseconds
<textarea data-part="schedule" name="schedule" spellcheck="false" rows="5"></textarea></label>
<button type="submit">Run</button>
<label>At <input type="number" name="at" min="0" max="60000" step="any" value="20"> ms</label>
<label>add <input name="what" list="lines" size="24" placeholder="INCR count"></label>
<datalist id="lines" data-part="lines"></datalist>
<button type="button" data-part="add">Add</button>
<details class="wide"><summary>What a line can be</summary>${lines}</details>
</form>`

const ledger = `<div data-part="ledger-box" hidden><h4>Queued, or waiting for a reply, <span data-part="ledger-time"></span></h4>
<table class="lines"><thead><tr><th scope="col">command</th><th scope="col">state</th><th scope="col">connection</th><th scope="col">times sent</th></tr></thead>
<tbody data-part="ledger"></tbody></table><p data-part="ledger-empty">Nothing.</p></div>`

const seedForm = `<h2>A seed of the simulation</h2>
<p>The tests of respite run random schedules of calls and faults, each from a seed (<code>npm run sim</code>). A seed gives the same run
here.</p>
<form data-part="seed-form" aria-label="Seed"><label>Seed <input type="number" data-part="seed" min="0" max="999999999" value="0"></label>
<button type="submit">Show</button></form>`
