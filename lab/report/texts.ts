import { symbols } from './timeline.js'

const key = (color: string, text: string): string =>
  `<span class="key" style="background: var(--${color})"></span>${text}`

/** What the marks and bars of a timeline mean. */
export const legend = `<p class="soft">Marks: ${symbols.called} called, ${symbols.sent} sent, ${symbols.ran} run by the server, ${symbols.answered} answered by
the server, ${symbols.lost} connection lost, ${symbols.settled} settled: its caller was told.
Bars: ${key('queued', 'waiting to be sent')} ${key('flying', 'sent, no reply yet')} ${key('connection-lost', 'connection lost')}.
Red lines are faults, by number. The distance between two moments grows with the logarithm of the time between them: it shows
their order, and distances cannot be compared. The slider goes through a run step by step.</p>`
