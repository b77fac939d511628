/** Colours by name, in light and in dark. */
const colors = {
  back: ['#ffffff', '#0d1117'],
  panel: ['#f6f8fa', '#161b22'],
  line: ['#d1d9e0', '#3d444d'],
  ink: ['#1f2328', '#e6edf3'],
  soft: ['#59636e', '#9198a1'],
  good: ['#1a7f37', '#3fb950'],
  bad: ['#cf222e', '#f85149'],
  poor: ['#9a6700', '#d29922'],
  queued: ['#b6bfc8', '#57606a'],
  flying: ['#54aeff', '#388bfd'],
  lost: ['#eac54f', '#9e6a03'],
  link: ['#aceebb', '#196c2e'],
} as const

const variables = (scheme: 0 | 1): string =>
  Object.entries(colors)
    .map(([name, pair]) => `--${name}: ${pair[scheme]}`)
    .join('; ')

/** Everything that the page needs to be looked at. */
export const style = `
:root { color-scheme: light dark; ${variables(0)} }
@media (prefers-color-scheme: dark) { :root { ${variables(1)} } }
body { margin: 0 auto; max-width: 1020px; padding: 24px; background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, 'Segoe UI', Helvetica, Arial, sans-serif }
h1 { font-size: 26px; margin: 0 } h2 { font-size: 20px; margin: 44px 0 6px } h3 { font-size: 16px; margin: 0; display: inline }
p { margin: 6px 0 12px; max-width: 800px } a { color: inherit }
.soft { color: var(--soft) } .good { color: var(--good) } .bad { color: var(--bad) } .poor { color: var(--poor) }
code, .wire td { font: 12px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
table { border-collapse: collapse; margin: 8px 0; width: 100% } th { text-align: left; font-weight: 600; white-space: nowrap }
th, td { border-bottom: 1px solid var(--line); padding: 3px 10px 3px 0; vertical-align: top; overflow-wrap: anywhere }
.scroll { overflow-x: auto } .fits { width: auto }
.fits td:not(:nth-child(2)), .wire td:nth-child(-n + 3) { white-space: nowrap; overflow-wrap: normal }
article { border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; margin: 12px 0; background: var(--panel) }
summary { cursor: pointer; color: var(--soft) }
ul { margin: 6px 0; padding-left: 20px } ol.faults { color: var(--bad); margin: 4px 0 8px; padding-left: 22px }
svg { width: 100%; height: auto; font: 11px system-ui, sans-serif } svg text { fill: var(--ink) }
svg.states { max-width: 560px }
.timeline .time, .timeline .name { fill: var(--soft) } .timeline .word { font-size: 10px }
.timeline .v-true { fill: var(--ink) }
.timeline .v-false, .timeline .v-late, .timeline .v-twice, .timeline .v-hangs { fill: var(--bad) }
.timeline .v-silent { fill: var(--poor) }
.tick { stroke: var(--line); stroke-dasharray: 2 3 } .fault { stroke: var(--bad) }
svg text.fault { fill: var(--bad); stroke: none; font-weight: 600 } text.before { text-anchor: end }
.queued { fill: var(--queued) } .flying { fill: var(--flying) } .lost { fill: var(--lost) } .link { fill: var(--link) }
.status { fill: var(--queued) } .s-ready { fill: var(--good); opacity: .55 }
.s-reconnecting, .s-connecting, .s-close { fill: var(--lost) } .s-closed, .s-end, .s-idle { fill: var(--line) }
.mark { text-anchor: middle; font-size: 10px } .mark.lost, .mark.closed { fill: var(--bad); font-size: 14px }
.mark.ran { font-size: 9px }
rect.state { fill: var(--back); stroke: var(--line) } rect.visited { stroke: var(--ink); stroke-width: 1.5 }
text.state { text-anchor: middle } text.unvisited { fill: var(--soft) }
.edge { fill: none; stroke: var(--line) } .edge.taken { stroke: var(--flying); stroke-width: 2 }
.step { text-anchor: middle; font-size: 10px; font-weight: 600 }
.key { display: inline-block; width: 22px; height: 10px; margin: 0 4px 0 12px }
`
