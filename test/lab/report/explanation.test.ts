import { describe, expect, it } from 'vitest'
import type { CommandEvent, CommandTrace } from '../../../lab/recording/trace.js'
import { explain } from '../../../lab/report/explanation.js'
import { answered, command, failed } from '../traces.js'

const called: CommandEvent = { at: 1, what: 'called' }
const sent: CommandEvent = { at: 2, what: 'sent', link: 1 }
const settled: CommandEvent = { at: 9, what: 'settled' }

/** A command whose caller was told that its fate is unknown. */
const unknown = (error: { name?: string; message?: string }, more: Partial<CommandTrace> = {}): string =>
  explain(command({ ...failed('unknown'), ...error }, 0, { events: [called, sent, settled], mayRun: 1, ...more }))

describe('why a fate is unknown', () => {
  it('because no reply came: the client sees the same, whatever the server did', () => {
    expect(unknown({})).toContain(
      'No valid part of its reply arrived: the client would see the same if the server had run it.',
    )
    expect(unknown({}, { ran: 1 })).toContain('the same if the server had not run it.')
  })

  it('and it is not sent again, because that might do its work twice', () => {
    expect(unknown({})).toContain('Sending it again to find out might do its work twice.')
  })

  it('or because its caller does not want it any more, or its time has passed, even if it could be repeated', () => {
    for (const mayRun of [1, undefined]) {
      expect(unknown({ name: 'AbortError' }, { mayRun })).toContain('Its caller cancelled it')
      expect(unknown({ name: 'TimeoutError' }, { mayRun })).toContain('Its time limit passed')
      expect(unknown({ name: 'AbortError' }, { mayRun })).not.toContain('twice')
    }
  })

  it('or because the options forbid it: a read could be sent again without harm', () => {
    const text = unknown({ name: 'ConnectionLostError' }, { mayRun: undefined })
    expect(text).toContain('It could be sent again without harm')
    expect(text).not.toContain('twice')
  })

  it('although none of its bytes were seen: a failed write does not tell what was sent', () => {
    const text = unknown({ message: 'write EPIPE' }, { events: [called, settled] })
    expect(text).toContain('None of its bytes were seen on the wire.')
    expect(text).toContain('a failed write does not tell how much was sent before')
    expect(text).not.toMatch(/was sent on|never left/)
  })

  it('because of bytes that are no reply: it says how their position is counted', () => {
    expect(unknown({ message: 'lost (not the start of a value at byte 1131)' })).toContain(
      'Byte 1131 is counted over all replies',
    )
  })

  it('for all commands of a transaction: the server runs all of it when it gets EXEC', () => {
    expect(unknown({ message: 'MULTI: the connection was lost' })).toContain('part of a transaction')
    expect(unknown({})).not.toContain('transaction')
  })
})

describe('a command whose bytes were not seen on the wire', () => {
  it('may have left the client, whatever its error says: a lost connection may have taken it', () => {
    for (const fate of [undefined, 'not-executed', 'unknown']) {
      const text = explain(command(failed(fate), 0, { events: [called, settled] }))
      expect(text).toContain('None of its bytes were seen on the wire.')
      expect(text).not.toContain('never left')
    }
  })
})

describe('why a reply is true', () => {
  it('also if the command ran twice: it may', () => {
    const text = explain(command(answered('"OK"'), 2, { events: [called, sent, settled] }))
    expect(text).toContain('Running it again does no harm')
  })

  it('but it says if a late delivery ran it again, after its caller was told', () => {
    const late: CommandEvent = { at: 20, what: 'ran', link: 1 }
    const text = explain(command(answered('"OK"'), 2, { events: [called, sent, { ...late, at: 3 }, settled, late] }))
    expect(text).toContain('It ran again at 20.0 ms, after that: it was delivered late.')
    expect(text).not.toContain('no harm')
  })

  it('also if it did not run: it waited in vain', () => {
    const text = explain(command(answered('null'), 0, { events: [called, sent, settled], vain: 'null' }))
    expect(text).toContain('The server waited for an element, found none, and took nothing.')
  })
})
