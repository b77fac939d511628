import { ends, symbols } from './timeline.js'

const key = (color: string, text: string): string =>
  `<span class="key" style="background: var(--${color})"></span>${text}`

/** What the marks and bars of a timeline mean. */
export const legend = `<p class="soft legend">A link is one connection of the client. Marks: ${symbols.called} called, ${symbols.sent} sent,
${symbols.ran} run by the server, ${symbols.answered} answered by the server, ${symbols.lost} connection lost, ${symbols.settled} its caller got the reply,
${ends.error} its caller got an error, <b class="unknown">${ends.unknown}</b> its caller got the error that the result is unknown.
Bars: ${key('queued', 'waiting to be sent')} ${key('flying', 'sent, no reply yet')} ${key('connection-lost', 'connection lost')}
${key('queued', 'of a link: the client has left it, and the network has not closed it')}.
Red lines are faults, by number. The distance between two moments grows with the logarithm of the time between them: it shows
their order, and distances cannot be compared. The slider goes through a run step by step.</p>`
