/** Colours by name: light scheme, dark scheme. */
type Pair = readonly [light: string, dark: string]

/** Backgrounds. */
export const backgrounds = {
  back: ['#ffffff', '#0d1117'],
  panel: ['#f6f8fa', '#161b22'],
} as const satisfies Record<string, Pair>

/** Text; a contrast of at least 4.5:1 to every background. */
export const inks = {
  ink: ['#1f2328', '#e6edf3'],
  soft: ['#59636e', '#9198a1'],
  good: ['#1a7f37', '#3fb950'],
  bad: ['#cf222e', '#f85149'],
  poor: ['#7d4e00', '#d29922'],
  unknown: ['#8250df', '#a371f7'],
} as const satisfies Record<string, Pair>

/** Marks and borders of controls; a contrast of at least 3:1 to every background. */
export const marks = {
  queued: ['#6e7781', '#8b949e'],
  flying: ['#0969da', '#388bfd'],
  'connection-lost': ['#9a6700', '#d29922'],
  link: ['#1a7f37', '#3fb950'],
  'o-once': ['#1a7f37', '#3fb950'],
  'o-lost': ['#0969da', '#58a6ff'],
  'o-admitted': ['#8250df', '#a371f7'],
  'o-misled': ['#3d6b7d', '#76b7c9'],
  'o-silent': ['#9a6700', '#d29922'],
  'o-uncancelled': ['#57606a', '#afb8c1'],
  'o-unfounded': ['#bc4c00', '#f0883e'],
  'o-late': ['#bf3989', '#db61a2'],
  'o-twice': ['#cf222e', '#f85149'],
  'o-wrong': ['#82071e', '#ffa198'],
  'o-hung': ['#24292f', '#c9d1d9'],
} as const satisfies Record<string, Pair>

/** Lines that only separate: no information depends on them. */
const lines = { line: ['#d1d9e0', '#3d444d'] } as const satisfies Record<string, Pair>

/** The colours of one scheme as CSS variables. */
export const variablesOf = (scheme: 0 | 1): string =>
  Object.entries({ ...backgrounds, ...inks, ...marks, ...lines })
    .map(([name, pair]) => `--${name}: ${pair[scheme]}`)
    .join('; ')
