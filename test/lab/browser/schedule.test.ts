import { describe, expect, it } from 'vitest'
import { grammar, hashOf, openedBy, parseSchedule } from '../../../lab/browser/schedule.js'

describe('a schedule', () => {
  it('has options, and events in order of time', () => {
    const text = '# how it goes\noption retry always\noption stallTimeout 400\n\n30 GET a b\n5.5 cut replies 2 end\n'
    expect(parseSchedule(text)).toEqual({
      options: { retry: 'always', stallTimeout: 400 },
      items: [
        { at: 5.5, action: { do: 'cut', side: 'replies', after: 2, how: 'end' } },
        { at: 30, action: { do: 'call', args: ['GET', 'a', 'b'] } },
      ],
    })
  })

  it('may have every line that the page lists', () => {
    const { options, items } = parseSchedule(grammar.map(([line]) => line).join('\n'))
    expect(Object.keys(options).length + items.length).toBe(grammar.length)
  })

  it.each([
    ['5 cut replies', 'line 1: cut: expected a number of bytes'],
    ['5 cut replies 2', 'line 1: cut: expected reset or end'],
    ['5 hold everything', 'line 1: hold: expected requests or replies'],
    ['5 INCR count\n6 cancel INCR other', 'line 2: no line before this one calls INCR other'],
    ['5 INCR count\n6 cancel', 'line 2: expected: cancel COMMAND KEY'],
    [
      '5 incr count',
      'line 1: incr is none of cut, hold, release, black-hole, garbage, down, up, push, cancel. Write a command of the server in capitals: INCR',
    ],
    ['# first\nsoon GET a', 'line 2: expected a time'],
    ['60001 GET a', 'line 1: expected a time'],
    ['5 GET a\n6 GET a', 'line 2: GET a is called twice'],
    ['option retry', 'line 1: expected: option NAME VALUE'],
    ['5 push queue', 'line 1: expected: push KEY VALUE'],
    [Array.from({ length: 201 }, (_, i) => `1 GET k${i}`).join('\n'), 'line 201: more than 200 events'],
  ])('is rejected with the line and the reason: %s', (text, message) => {
    expect(() => parseSchedule(text)).toThrow(message)
  })

  it('is a part of a URL, and is read from it', () => {
    const text = '20 SET key 100%\n20 cut replies 0 reset'
    expect(hashOf(text)).not.toMatch(/\s/)
    expect(openedBy(hashOf(text))).toEqual({ schedule: text })
    expect(openedBy(hashOf(''))).toEqual({ schedule: '' })
    expect(openedBy('#seed=3')).toEqual({ seed: 3 })
    expect(openedBy('')).toBeUndefined()
  })

  it.each(['#schedule=20%20INCR%20count%0', '#schedule', '#seed=', '#seed=x', '#see', '#other'])(
    'is not read from a link that was cut, or is another: %s',
    (hash) => {
      expect(() => openedBy(hash)).toThrow('The link of this page is not whole')
    },
  )
})
