import { variablesOf } from './palette.js'

/** The style sheet of the page. */
export const style = `
:root { color-scheme: light dark; ${variablesOf(0)} }
@media (prefers-color-scheme: dark) { :root { ${variablesOf(1)} } }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, 'Segoe UI', Helvetica, Arial, sans-serif }
.skip { position: absolute; left: -9999px } .skip:focus { left: 8px; top: 8px; background: var(--back); padding: 8px; z-index: 2 }
.page { max-width: 1280px; margin: 0 auto; padding: 16px } main { min-width: 0 }
@media (min-width: 1100px) {
  .page { display: grid; grid-template-columns: 250px minmax(0, 1fr); gap: 32px; padding: 24px }
  nav { position: sticky; top: 16px; align-self: start; max-height: calc(100vh - 32px); overflow-y: auto }
}
nav { font-size: 13px } nav ol { list-style: none; margin: 4px 0; padding: 0 } nav a { display: block; padding: 3px 0; text-decoration: none }
nav a:hover { text-decoration: underline }
h1 { font-size: 26px; margin: 0 0 4px } h2 { font-size: 20px; margin: 40px 0 6px } h3 { font-size: 16px; margin: 0; display: inline }
h4 { font-size: 14px; margin: 16px 0 4px }
p { margin: 6px 0 12px; max-width: 800px } a { color: inherit }
dl { max-width: 800px; margin: 6px 0 12px } dt { font-weight: 600 } dd { margin: 0 0 6px }
:focus-visible { outline: 3px solid var(--flying); outline-offset: 2px }
.soft { color: var(--soft) } .good { color: var(--good) } .bad { color: var(--bad) } .poor { color: var(--poor) }
code, .wire td, .steps { font: 12px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
table { border-collapse: collapse; margin: 8px 0; width: 100% } th { text-align: left; font-weight: 600 }
th, td { border-bottom: 1px solid var(--line); padding: 3px 10px 3px 0; vertical-align: top; overflow-wrap: anywhere }
.scroll { overflow-x: auto } .results { min-width: 600px } .results th, .results td, .commands th { overflow-wrap: normal }
.commands td:first-child, .wire td:nth-child(-n + 3) { white-space: nowrap; overflow-wrap: normal }
.run { border: 1px solid var(--line); border-radius: 8px; margin: 12px 0; background: var(--panel) }
.run > summary { padding: 10px 16px } .run > div { padding: 0 16px 12px } .run:not([open]) > summary h3 { font-weight: 400 }
summary { cursor: pointer } .why { display: block; color: var(--soft); font-size: 13px }
ul { margin: 6px 0; padding-left: 20px } ol.faults { color: var(--bad); margin: 4px 0 8px; padding-left: 22px }
svg { font: 11px system-ui, sans-serif } svg text { fill: var(--ink) }
svg.states { width: 100%; height: auto; max-width: 560px; display: block }
.chart { display: flex; margin: 8px 0 } .chart > .scroll { flex: 1; min-width: 0; padding: 0 10px }
.names { flex: none; max-width: 130px; padding-top: 22px; font-size: 11px }
.lane { height: 24px; line-height: 24px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }
.v-false, .v-late, .v-twice, .v-hangs, .v-unfounded { color: var(--bad) } .v-silent, .v-misled, .v-uncancelled { color: var(--poor) }
svg.timeline { width: calc(100% * var(--zoom, 1)); min-width: calc(520px * var(--zoom, 1)); overflow: visible; display: block }
svg.timeline .time { fill: var(--soft) }
.tick { stroke: var(--line); stroke-dasharray: 2 3 } line.fault { stroke: var(--bad) } .cursor { stroke: var(--flying); stroke-width: 2 }
svg text.fault { fill: var(--bad); font-weight: 600 } text.before { text-anchor: end }
rect.queued, rect.left, .status { fill: var(--queued) } rect.flying { fill: var(--flying) } rect.lost { fill: var(--connection-lost) }
rect.link, .s-ready { fill: var(--link) } .s-reconnecting, .s-connecting, .s-close { fill: var(--connection-lost) }
.mark { text-anchor: middle } svg .mark.lost, svg .mark.closed { fill: var(--bad); font-size: 14px }
.unknown { color: var(--unknown) } svg .mark.unknown { fill: var(--unknown); font-size: 15px; font-weight: 700 }
.wire del { color: var(--soft) } .wire th:not(:last-child), .lines th { white-space: nowrap; overflow-wrap: normal }
.future { visibility: hidden }
rect.state { fill: var(--back); stroke: var(--line) } rect.visited { stroke: var(--ink); stroke-width: 1.5 }
text.state { text-anchor: middle } svg text.unvisited { fill: var(--soft) }
.edge { fill: none; stroke: var(--line) } .edge.taken { stroke: var(--flying); stroke-width: 2 }
.step { text-anchor: middle; font-size: 10px; font-weight: 600; paint-order: stroke; stroke: var(--panel); stroke-width: 3px }
.key { display: inline-block; width: 22px; height: 6px; margin: 0 4px 2px 12px }
.bars { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 12px; align-items: center; margin: 8px 0 }
.bar { display: flex; gap: 2px; height: 18px } .bar span { min-width: 4px }
.swatch { display: inline-block; width: 12px; height: 12px; margin-right: 6px }
.number { text-align: right; white-space: nowrap } .counts { width: auto; min-width: 520px } .counts th:first-child { min-width: 190px } .counts td:nth-child(2) { min-width: 105px } .counts th .why { font-weight: 400 } .commands td:last-child { min-width: 150px }
.found { outline: 2px solid var(--flying); outline-offset: -1px } .found td:first-child { padding-left: 8px } .run .legend { font-size: 13px; max-width: none }
form, .controls { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; margin: 8px 0 }
form { padding: 10px 12px; background: var(--panel); border: 1px solid var(--line); border-radius: 8px }
form[hidden], .controls[hidden] { display: none } fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: 4px 12px }
form label, fieldset { max-width: 100%; min-width: 0 }
legend { float: left; margin-right: 12px } legend + * { clear: none }
button, select, input[type='search'] { font: inherit; color: var(--ink); background: var(--back); border: 1px solid var(--queued); border-radius: 5px; padding: 3px 8px; max-width: 100% }
input { accent-color: var(--flying) }
.controls label { display: flex; gap: 8px; align-items: center; flex: 1 1 260px } .controls input { flex: 1; min-width: 80px }
.controls output { flex: 1 1 100%; font-size: 13px; min-height: 1.5em }
.steps { padding-left: 20px; margin: 4px 0 } .steps .now { font-weight: 700 } .steps .fault { color: var(--bad) }
[hidden] { display: none !important }
@media (max-width: 640px) {
  .commands thead { position: absolute; left: -9999px } .commands tr { display: block; padding: 6px 0; border-bottom: 1px solid var(--line) }
  .commands td { display: block; border: 0; padding: 0 } .commands .found td { padding: 0 8px }
  .commands td:nth-child(3)::before { content: 'The server ' } .commands td:nth-child(4)::before { content: 'Verdict: '; color: var(--ink) } .wire td { padding-right: 6px } .names { max-width: 92px }
}
`
