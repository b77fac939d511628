import type { CommandTrace, Performance, Said } from '../../lab/recording/trace.js'

export const answered = (value: string): Said => ({ settled: 'value', value })
export const failed = (fate: string | undefined): Said => ({ settled: 'error', name: 'Error', message: 'lost', fate })
export const nobody: Said = { settled: 'never' }

/** An INCR: what the client said, and how often it ran. */
export const command = (said: Said, ran: number, more: Partial<CommandTrace> = {}): CommandTrace => ({
  name: 'INCR',
  key: 'lab:count',
  events: [{ at: 0, what: 'called' }],
  said,
  ran,
  ...more,
})

/** A run of a scenario in which nothing else happened. */
export const performanceOf = (parts: Partial<Performance>): Performance => ({
  scenario: 'B',
  client: 'respite',
  durationMs: 10,
  commands: [],
  links: [],
  statuses: [],
  faults: [],
  wire: [],
  findings: [],
  ...parts,
})
