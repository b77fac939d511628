import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { resetAfter } from '../../../lab/proxy/fault.js'
import type { Link } from '../../../lab/proxy/link.js'
import { Recorder } from '../../../lab/recording/recorder.js'
import type { CommandEvent, Performance } from '../../../lab/recording/trace.js'

/** What the recorder watches: a test emits what a proxy would. */
let proxy: EventEmitter
let recorder: Recorder
let now: number
const link = { id: 1 }

beforeEach(() => {
  now = 0
  proxy = new EventEmitter()
  recorder = new Recorder(() => now)
  recorder.watch(proxy)
  proxy.emit('link', link)
})

const recorded = (): Performance => recorder.performance('some', 'client')
const at = (moment: number, act: () => void): void => {
  now = moment
  act()
}
const request = Buffer.from('*2\r\n$4\r\nINCR\r\n$1\r\nk\r\n')
const reply = Buffer.from(':1\r\n')
const send = (): boolean => proxy.emit('request', link, Buffer.from(request))
const answer = (): boolean => proxy.emit('reply', link, Buffer.from(reply))
const run = (): void => recorder.ran({ name: 'INCR', key: 'k' })
/** An INCR that stays open. */
const call = (): void => {
  void recorder.call('INCR', 'k', () => new Promise(() => {}))
}
const eventsOf = ({ commands }: Performance): string[] =>
  (commands[0]?.events ?? []).map(({ what, at: moment }: CommandEvent) => `${what} ${moment}`)

describe('the bytes of a run', () => {
  it('are recorded with the end of them that did not arrive', () => {
    proxy.emit('reply', link, reply)
    expect(recorded().wire).toEqual([
      { at: 0, link: 1, from: 'server', bytes: 4, text: ':1\\r\\n', missing: ':1\\r\\n' },
    ])
    proxy.emit('arrived', link, reply, 1)
    proxy.emit('arrived', link, reply, 1)
    expect(recorded().wire[0]?.missing).toBe('\\r\\n')
    proxy.emit('arrived', link, reply, 2)
    expect(recorded().wire[0]).not.toHaveProperty('missing')
  })

  it('are recorded without the password of the client, even where they did not arrive', () => {
    proxy.emit('request', link, Buffer.from('*3\r\n$4\r\nAUTH\r\n$1\r\nu\r\n$6\r\nse'))
    proxy.emit('request', link, Buffer.from('cret\r\n'))
    expect(recorded().wire.map(({ text, missing }) => [text, missing])).toEqual([
      ['*3\\r\\n$4\\r\\nAUTH\\r\\n$1\\r\\n*\\r\\n$6\\r\\n**', '*3\\r\\n$4\\r\\nAUTH\\r\\n$1\\r\\n*\\r\\n$6\\r\\n**'],
      ['****\\r\\n', '****\\r\\n'],
    ])
  })

  it('have the fault that changed them, with the direction and how many bytes there were', () => {
    proxy.emit('reply', link, reply)
    recorder.noting('onReply', () => resetAfter(2))(reply, link as Link)
    const text = 'RST after 2 of 4 bytes of replies'
    expect(recorded().wire[0]?.fault).toBe(text)
    expect(recorded().faults).toEqual([{ at: 0, text }])
  })
})

describe('the events of a command are in order', () => {
  it('if MONITOR shows that it ran after its reply has come: it ran before', () => {
    at(1, call)
    at(2, send)
    at(3, answer)
    at(4, run)
    expect(eventsOf(recorded())).toEqual(['called 1', 'sent 2', 'ran 3', 'answered 3'])
  })

  it('if it was answered and did not run, and ran when it was sent again', () => {
    at(1, call)
    at(2, send)
    at(3, answer)
    at(4, send)
    at(5, run)
    at(6, answer)
    expect(eventsOf(recorded())).toEqual(['called 1', 'sent 2', 'answered 3', 'sent 4', 'ran 5', 'answered 6'])
  })
})

describe('a link that the client leaves', () => {
  it('is lost for its commands then, even if it closes later', () => {
    at(1, call)
    at(2, send)
    at(3, () => proxy.emit('leave', link))
    at(8, () => proxy.emit('close', link))
    expect(recorded().links).toEqual([{ id: 1, openedAt: 0, leftAt: 3, closedAt: 8 }])
    expect(eventsOf(recorded())).toEqual(['called 1', 'sent 2', 'lost 3'])
  })

  it('after it was closed has been closed by the network', () => {
    at(3, () => proxy.emit('close', link))
    at(4, () => proxy.emit('leave', link))
    expect(recorded().links).toEqual([{ id: 1, openedAt: 0, closedAt: 3 }])
  })
})
