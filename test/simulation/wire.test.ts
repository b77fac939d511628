import { describe, expect, it, vi } from 'vitest'
import { Chance } from './chance.js'
import { SimulatedClock } from './clock.js'
import { Wire } from './wire.js'

const latency = 5
const reply = '+OK\r\n'.repeat(20)

/** An open connection to a server that never answers by itself. */
function openWire(seed: number) {
  const chance = new Chance(seed)
  const clock = new SimulatedClock(chance, (error) => expect.unreachable(String(error)))
  const read: Buffer[] = []
  const onEnd = vi.fn()
  const ignore = (): void => {}
  const handler = {
    ...{ onSecuring: ignore, onOpen: ignore, wanted: () => undefined, onFilled: ignore, onWritten: ignore, onEnd },
    onData: (chunk: Buffer) => void read.push(Buffer.from(chunk)),
  }
  const observer = { onWritten: ignore, onServed: ignore, onLate: ignore, onMalformed: ignore, note: ignore }
  const path = { latency, piece: 1_000, sendBuffer: 1_000, provesIncomplete: true, lateBy: 0 }
  const wire = new Wire(1, path, handler, { clock, chance, observer })
  wire.open({
    ...{ receive: () => [], disconnect: ignore, peerHasGone: ignore, protocolError: undefined },
    ...{ isClosed: false, isCut: false, isSilent: false, isWaiting: false },
  })
  return { wire, clock, onEnd, textRead: () => Buffer.concat(read).toString() }
}

const seeds = Array.from({ length: 20 }, (_, seed) => seed)
const stall = (wire: Wire): void => wire.stall('in', 3_000)
const reset = (wire: Wire): void => wire.reset()

describe('A simulated connection that', () => {
  it.each([
    { what: 'stalls and then is reset', events: [stall, reset] },
    { what: 'is reset and then stalls', events: [reset, stall] },
  ])('$what refuses writes, and the client soon reads what has arrived, and the end', async ({ events }) => {
    for (const seed of seeds) {
      const { wire, clock, onEnd, textRead } = openWire(seed)
      wire.say(Buffer.from(reply))
      for (const happen of events) happen(wire)
      expect(wire.write([Buffer.from('PING\r\n')])).toBe('refused')
      expect(() => wire.write([Buffer.from('PING\r\n')])).toThrow('written to after it refused a write')
      // One piece of data, and the end.
      await clock.advanceTo(2 * latency)
      expect(onEnd).toHaveBeenCalledOnce()
      expect(reply.startsWith(textRead())).toBe(true)
      await clock.advanceTo(10_000)
      expect(onEnd).toHaveBeenCalledOnce()
    }
  })

  it('is closed by the server and stalls takes writes: the end is held up, and what was sent before it', async () => {
    const { wire, clock, onEnd, textRead } = openWire(0)
    wire.say(Buffer.from(reply))
    wire.end(true)
    stall(wire)
    expect(wire.write([Buffer.from('PING\r\n')])).toBe('taken')
    await clock.advanceTo(2_999)
    expect(textRead()).toBe('')
    expect(onEnd).not.toHaveBeenCalled()
    await clock.advanceTo(3_000 + 2 * latency)
    expect(textRead()).toBe(reply)
    expect(onEnd).toHaveBeenCalledExactlyOnceWith({ error: undefined, pendingWriteIncomplete: false })
  })
})
