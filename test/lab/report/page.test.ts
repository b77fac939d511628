import { describe, expect, it } from 'vitest'
import type { CommandEvent, Said } from '../../../lab/recording/trace.js'
import { renderPage } from '../../../lab/report/page.js'
import { renderTimeline } from '../../../lab/report/timeline.js'
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
        wire: [
          { at: 0.6, link: 1, from: 'client', bytes: 20, text: '*2\\r\\n$5\\r\\nHELLO\\r\\n$1\\r\\n3' },
          {
            at: 1.6,
            link: 1,
            from: 'client',
            bytes: 20,
            text: '*2\\r\\n<INCR>',
            missing: '<INCR>',
            fault: 'RST after 4 bytes',
          },
          { at: 2.1, link: 2, from: 'client', bytes: 9, text: 'never', missing: 'never' },
          { at: 2.2, link: 2, from: 'client', bytes: 9, text: '$6\\r\\nCLIENT\\r\\n$4\\r\\nKILL\\r\\n' },
        ],
        findings: [{ text: 'closes gracefully', isGood: true }],
      }),
      performanceOf({ client: 'other', commands: [command(answered('2'), 2, { mayRun: 1 })] }),
      performanceOf({ client: 'third', death: { at: 3, text: 'Error: <nobody>' } }),
    ],
  },
  scenarios,
)

describe('the page', () => {
  it('is self-contained: it loads nothing, and its links lead to its own parts', () => {
    expect(page).not.toMatch(/https?:|src=|url\(|@import|import /)
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    const targets = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(targets)).toEqual(new Set(ids))
    expect(new Set(targets)).toEqual(new Set(['results', 'runs', 'B', 'B/respite', 'B/other', 'B/third']))
  })

  it('begins with the result of each client in each scenario that was run', () => {
    expect(page).toContain(
      '<td class="good"><a href="#B/respite">good</a> <span class="soft">1 unknown</span></td><td class="bad"><a href="#B/other">1 ran twice</a></td>' +
        '<td class="bad"><a href="#B/third">process died</a></td>',
    )
    expect(page).not.toContain('Not played')
  })

  it('escapes all text from outside', () => {
    expect(page).toContain('A &lt;broken&gt; pipe')
    expect(page).toContain('Error: &lt;nobody&gt;')
    expect(page).toContain('&lt;INCR&gt;')
    expect(page).not.toContain('<INCR>')
  })

  it('shows for every command what its caller got, what the server did, and the verdict', () => {
    expect(page).toMatch(
      /<td>INCR count<\/td><td>Error, fate unknown: lost .*<\/td><td>did not run it<\/td><td class="good">true<span.*unknown, and the client says so/,
    )
    expect(page).toMatch(/<td>ran it 2 times<\/td><td class="bad">twice<span.*ran twice, although it must not/)
  })

  it('says why an unknown fate is unknown', () => {
    expect(page).toContain(
      'It was sent on link 1 at 1.50 ms. Link 1 ended at 2.00 ms, before the caller was told anything. The server did not run ' +
        'it, which the lab sees, and the client does not. No valid part of its reply arrived: the client would see the same if ' +
        'the server had run it.',
    )
  })

  it('counts the outcomes of the commands of each client', () => {
    expect(page).toContain('aria-label="respite: 1 unknown, and the client says so"')
    expect(page).toContain('aria-label="other: 1 ran twice, although it must not"')
    // A number leads to the runs with such a command.
    expect(page).toMatch(
      /unknown, and the client says so<.*<td>true<\/td><td class="number"><a href="#runs" data-filter="client=respite&amp;outcome=admitted">1<\/a><\/td><td class="number">0<\/td>/,
    )
  })

  it('lists every step in order, with its place on the time axis', () => {
    const steps = [...page.matchAll(/<li[^>]* data-at="[\d.]+" data-place="([\d.]+)%">([^<]*)<\/li>/g)]
    expect(steps.map(([, , text]) => text)).toEqual([
      '0.20 ms: the client is connecting',
      '0.50 ms: link 1 opens',
      '0.70 ms: the client is ready',
      '1.00 ms: INCR count is called',
      '1.50 ms: INCR count is sent on link 1',
      '1.80 ms: fault 1: RST after 0 bytes',
      '2.00 ms: the client is reconnecting',
      '2.00 ms: INCR count loses its connection on link 1',
      '2.00 ms: link 1 closes',
      '2.50 ms: INCR count is settled: its caller gets Error, fate unknown',
      '0.00 ms: INCR count is called',
      '3.00 ms: uncaught exception: Error: &lt;nobody&gt;',
    ])
    const places = steps.slice(0, 10).map(([, place]) => Number(place))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
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

  it('ends the bar of a command with what its caller was told: a reply, an error, or that the result is unknown', () => {
    const endOf = (said: Said): string | undefined => {
      const events = [{ at: 1, what: 'settled' as const }]
      const { html } = renderTimeline(performanceOf({ commands: [command(said, 1, { events })] }), 'one command')
      return /<title>settled, at 1.00 ms<\/title>(.)</.exec(html)?.[1]
    }
    expect([answered('1'), failed('executed'), failed(undefined), failed('unknown')].map(endOf)).toEqual([
      '●',
      '○',
      '○',
      '?',
    ])
  })

  it('draws marks of one moment side by side where there is room', () => {
    const shiftsAt = (next: number): (string | undefined)[] => {
      const at = (moment: number, what: CommandEvent['what']): CommandEvent => ({ at: moment, what })
      const events = [at(0, 'called'), at(0, 'sent'), at(next, 'ran'), at(1e6, 'settled')]
      const { html } = renderTimeline(
        performanceOf({ durationMs: 1e6, commands: [command(answered('1'), 1, { events })] }),
        '',
      )
      return [...html.matchAll(/<text class="mark \w+" x="[\d.]+%"(?: dx="(\d+)")?/g)].map(([, shift]) => shift)
    }
    expect(shiftsAt(50)).toEqual([undefined, '9', undefined, undefined])
    expect(shiftsAt(0.01)).toEqual([undefined, undefined, undefined, undefined])
  })

  it('draws a link that the client has left as long as the network keeps it', () => {
    const links = [{ id: 1, openedAt: 1, leftAt: 4, closedAt: 9 }]
    expect(renderTimeline(performanceOf({ links }), '').html).toContain(
      '<title>the client has left link 1, at 4.00 ms</title>',
    )
  })

  it('strikes through the bytes that did not arrive, and says what the client sends for itself', () => {
    expect(page).toContain(
      '<td>*2\\r\\n<del>&lt;INCR&gt;</del> <span class="bad">the end did not arrive: RST after 4 bytes</span></td>',
    )
    expect(page).toContain('<td><del>never</del> <span class="bad">did not arrive</span></td>')
    expect(page).toContain('(the client opens the connection)')
    expect(page).toContain('(CLIENT KILL: the client has the server close the lost connection')
  })

  it('draws the state machine of respite only, with the transitions it took', () => {
    expect(page.match(/<svg class="states"/g)).toHaveLength(1)
    // Three transitions: idle to connecting, to ready, to reconnecting.
    expect(page.match(/<path class="edge taken"/g)).toHaveLength(3)
    expect(page).toContain('<text class="state unvisited" x="500" y="44">closed</text>')
  })
})
