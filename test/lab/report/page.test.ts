import { describe, expect, it } from 'vitest'
import { renderPage } from '../../../lab/report/page.js'
import { answered, command, failed, performanceOf } from '../traces.js'

const scenarios = [
  { id: 'B', title: 'A <broken> pipe', story: 'What happens.' },
  { id: 'C', title: 'Not played', story: 'Nothing.' },
]

const count = command(failed('unknown'), 0, {
  key: 'lab:1:count',
  events: [
    { at: 1, what: 'called' },
    { at: 1.5, what: 'sent', link: 1 },
    { at: 2, what: 'lost', link: 1 },
    { at: 2.5, what: 'settled' },
  ],
})

const page = renderPage(
  {
    version: 1,
    environment: ['some server'],
    performances: [
      performanceOf({
        commands: [count],
        links: [{ id: 1, openedAt: 0.5, closedAt: 2 }],
        statuses: [
          { at: 0.2, text: 'connecting' },
          { at: 0.7, text: 'ready' },
          { at: 2, text: 'reconnecting' },
        ],
        faults: [{ at: 1.8, text: 'RST after 0 bytes' }],
        wire: [{ at: 1.6, link: 1, from: 'client', bytes: 20, text: '*2\\r\\n<INCR>', fault: 'RST after 0 bytes' }],
        findings: [{ text: 'closes in good order', isGood: true }],
      }),
      performanceOf({ client: 'other', commands: [command(answered('2'), 2, { mayRun: 1 })] }),
      performanceOf({ client: 'third', death: { at: 3, text: 'Error: <nobody>' } }),
    ],
  },
  scenarios,
)

describe('the page', () => {
  it('is self-contained: no scripts, only links to itself', () => {
    expect(page).not.toMatch(/<script|https?:|src=|url\(|@import/)
    expect(page.match(/href="[^"]*"/g)).toEqual(['href="#B"'])
  })

  it('begins with the result of each client in each scenario that was run', () => {
    expect(page).toContain('<th>scenario</th><th>respite</th><th>other</th><th>third</th>')
    expect(page).toContain(
      '<td class="good">good</td><td class="bad">1 ran twice</td><td class="bad">process died</td>',
    )
    expect(page).not.toContain('Not played')
  })

  it('escapes all text from outside', () => {
    expect(page).toContain('A &lt;broken&gt; pipe')
    expect(page).toContain('Error: &lt;nobody&gt;')
    expect(page).toContain('*2\\r\\n&lt;INCR&gt;')
  })

  it('shows for every command what its caller got, what the server did, and the verdict', () => {
    expect(page).toContain(
      '<td>INCR count</td><td>Error, fate unknown: lost</td><td>did not run it</td><td class="good">true</td>',
    )
    expect(page).toContain('<td>ran it 2 times</td><td class="bad">twice</td>')
  })

  it('draws the events of a command, its links and the fault, with their times', () => {
    for (const tip of [
      'called, at 1.00 ms',
      'sent on link 1, at 1.50 ms',
      'lost on link 1, at 2.00 ms',
      'settled, at 2.50 ms',
      'link 1, from 0.50 ms to 2.00 ms',
      'ready, at 0.70 ms',
    ]) {
      expect(page).toContain(`<title>${tip}</title>`)
    }
    expect(page).toContain('<li>RST after 0 bytes, at 1.80 ms</li>')
  })

  it('draws the state machine of respite only, with the transitions it took', () => {
    expect(page.match(/<svg class="states"/g)).toHaveLength(1)
    // Three transitions: idle to connecting, to ready, to reconnecting.
    expect(page.match(/<path class="edge taken"/g)).toHaveLength(3)
    expect(page).toContain('<text class="state unvisited" x="500" y="44">closed</text>')
  })
})
