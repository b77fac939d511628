import { mkdtempSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { freePort } from '../../../scripts/free-port.js'
import { type Certificate, selfSigned } from '../../support/certificate.js'
import { Loopback, Near, readAll } from '../../support/loopback.js'

/** More than the buffers of any loopback accept if the peer does not read. */
const tooMuch = Buffer.alloc(32 * 1024 * 1024, 'x')

/** Event loop turns after which a socket knows what the system has not taken. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await nextTurn()
}

/** Starts each write inside the callback of the previous one. */
function writeOneAfterAnother(near: Near, batches: readonly Buffer[][]): void {
  const left = [...batches]
  near.onWritten = () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      if (near.transport.write(next) === 'pending') return
    }
  }
  near.onWritten()
}

const small = (text: string): Buffer[] => [Buffer.from(text)]

describe.each(['TCP', 'Unix'] as const)('a plain socket (%s)', (kind) => {
  let loopback: Loopback
  let near: Near
  let peer: Socket
  beforeEach(async () => {
    loopback = await Loopback.start(kind)
    ;({ near, peer } = await loopback.connect())
  })
  afterEach(async () => {
    near.transport.destroy()
    await loopback.stop()
  })

  describe('a write', () => {
    it('that the system takes at once is taken, without a later callback', async () => {
      expect(near.transport.write(small('one'))).toBe('taken')
      expect(near.transport.write([Buffer.from('two'), Buffer.from('three')])).toBe('taken')
      expect((await readAll(peer, 11)).toString()).toBe('onetwothree')
      expect(near.calls).toEqual(['open'])
    })

    it('that it does not take at once is pending, and reported as written once, when the peer has read', async () => {
      expect(near.transport.write([tooMuch])).toBe('pending')
      await someTurns()
      expect(near.calls).toEqual(['open'])
      const written = near.written()
      const received = readAll(peer, tooMuch.length)
      await written
      expect((await received).equals(tooMuch)).toBe(true)
      expect(near.transport.write(small('more'))).toBe('taken')
      expect((await readAll(peer, 4)).toString()).toBe('more')
      expect(near.calls).toEqual(['open', 'written'])
    })

    it('of many chunks arrives completely and in order', async () => {
      const chunks = Array.from({ length: 2_000 }, (_, i) => Buffer.alloc(i % 700, i % 251))
      const whole = Buffer.concat(chunks)
      near.transport.write(chunks)
      expect((await readAll(peer, whole.length)).equals(whole)).toBe(true)
    })

    it('after the peer has closed is refused', async () => {
      peer.end()
      expect(await near.ended).toEqual({ error: undefined, pendingWriteIncomplete: false })
      expect(near.transport.write(small('late'))).toBe('refused')
      expect(near.calls).toEqual(['open', 'end'])
    })

    it('of which the system takes no byte, because the peer is gone, is refused before the end is reported', async () => {
      peer.destroy()
      // No event loop turn since: only the system knows that the peer is gone.
      const results = [near.transport.write(small('a')), near.transport.write(small('b'))]
      // TCP takes the first write, which is answered by a reset; a Unix socket refuses it at once.
      expect(results.at(-1)).toBe('refused')
      expect(await near.ended).toMatchObject({ error: { code: 'EPIPE' }, pendingWriteIncomplete: false })
      expect(near.calls).toEqual(['open', 'end'])
    })
  })

  it('still reads what the peer sent before a write was refused', async () => {
    await new Promise<void>((resolve) => peer.write('the last reply', () => resolve()))
    peer.destroy()
    near.transport.write(small('a'))
    expect(near.transport.write(small('b'))).toBe('refused')
    expect(near.calls).toEqual(['open'])
    await near.ended
    expect(near.text).toBe('the last reply')
    expect(near.calls).toEqual(['open', 'data', 'end'])
  })

  it('reads into the memory that its handler provides, never beyond it, and then as before', async () => {
    const memory = Buffer.alloc(10)
    let filled = 0
    const left = (): Buffer | undefined => (filled < 6 ? memory.subarray(filled, 6) : undefined)
    near.wanted = () => {
      filled = near.calls.reduce((sum, call) => sum + Number(/^filled (\d+)$/.exec(call)?.[1] ?? 0), 0)
      return near.text === '' ? undefined : left()
    }
    peer.write('first')
    await vi.waitFor(() => expect(near.text).toBe('first'))
    peer.write('abc')
    await vi.waitFor(() => expect(near.calls).toContain('filled 3'))
    peer.write('defrest')
    await vi.waitFor(() => expect(near.text).toBe('firstrest'))
    expect(memory.toString()).toBe('abcdef\0\0\0\0')
    expect(near.calls).toEqual(['open', 'data', 'filled 3', 'filled 3', 'data'])
  })

  describe('writing again as soon as a write has completed', () => {
    // The Node.js stream is then in the middle of its own cleanup. It could forget what was written there, and the link
    // stalled with a batch not sent.
    it('loses nothing, however the batches are split', { timeout: 5_000 }, async () => {
      const batches = Array.from({ length: 50 }, (_, i) => [Buffer.from(`${i}:`), Buffer.alloc(i * 100, 'y')])
      const whole = Buffer.concat([tooMuch, ...batches.flat()])
      writeOneAfterAnother(near, [[tooMuch], ...batches])
      expect((await readAll(peer, whole.length)).equals(whole)).toBe(true)
    })
  })

  describe('closed while a write is pending', () => {
    it('by its owner: reports it as incomplete if the peer reads nothing', async () => {
      near.transport.write([tooMuch])
      await someTurns()
      expect(near.transport.destroy()).toBe(true)
      expect(await lengthOf(peer)).toBeLessThan(tooMuch.length)
      expect(near.calls).toEqual(['open'])
    })

    it('by its owner at once: does not report it as incomplete, because nothing is proven yet', () => {
      near.transport.write([tooMuch])
      expect(near.transport.destroy()).toBe(false)
    })

    it.each([
      ['resets', (socket: Socket) => (kind === 'TCP' ? socket.resetAndDestroy() : socket.destroy())],
      ['is gone', (socket: Socket) => socket.destroy()],
      ['closes its side gracefully', (socket: Socket) => socket.end()],
    ])('by a peer that %s: reports it as incomplete', async (_how, leave) => {
      near.transport.write([tooMuch])
      await someTurns()
      leave(peer)
      expect(await near.ended).toMatchObject({ pendingWriteIncomplete: true })
      expect(near.calls).toEqual(['open', 'end'])
      expect(near.transport.destroy()).toBe(true)
    })
  })

  it('closed after its write was completely taken does not report it as incomplete, whether the peer has read it or not', async () => {
    near.transport.write([tooMuch])
    const written = near.written()
    // Enough for the rest to fit into the buffers in between.
    await readAll(peer, tooMuch.length / 2)
    peer.resume()
    await written
    peer.pause()
    expect(near.transport.destroy()).toBe(false)
  })

  it('destroyed: its handler is not called any more, and writes are refused', async () => {
    const closed = new Promise<void>((resolve) => peer.once('close', () => resolve()))
    await new Promise<void>((resolve) => peer.write('unread', () => resolve()))
    near.transport.destroy()
    expect(near.transport.write(small('late'))).toBe('refused')
    peer.on('end', () => peer.destroy()).resume()
    await closed
    expect(near.calls).toEqual(['open'])
  })
})

describe('connecting', () => {
  it('to a closed port reports the failure once, after it has returned, and never opens', async () => {
    const port = await freePort()
    const near = new Near({ host: '127.0.0.1', port, keepAliveDelay: 30_000 })
    expect(near.calls).toEqual([])
    expect(await near.ended).toMatchObject({ error: { code: 'ECONNREFUSED' }, pendingWriteIncomplete: false })
    expect(near.calls).toEqual(['end'])
  })
})

it('a plain socket to an invalid host ends with an error, and throws nothing', async () => {
  const never = new Near({ host: 'a\0b', port: 1, keepAliveDelay: 30_000 })
  expect((await never.ended).error).toBeInstanceOf(Error)
  expect(never.calls).toEqual(['end'])
})

describe('a TLS socket', () => {
  let loopback: Loopback
  let certificate: Certificate
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'respite-certificate-'))
    certificate = selfSigned(folder)
    rmSync(folder, { recursive: true })
  })
  beforeEach(async () => {
    loopback = await Loopback.start('TLS', certificate)
  })
  afterEach(() => loopback.stop())

  it('sends writes of any size, and reports each pending one once when it is taken', async () => {
    const { near, peer } = await loopback.connect()
    expect(near.transport.write(small('one'))).toBe('taken')
    const received = readAll(peer, 3 + tooMuch.length + 4)
    const written = near.written()
    expect(near.transport.write([tooMuch])).toBe('pending')
    await written
    expect(near.transport.write(small('last'))).toBe('taken')
    const whole = await received
    expect(whole.subarray(0, 3).toString() + whole.subarray(-4)).toBe('onelast')
    expect(near.calls.filter((call) => call === 'written')).toEqual(['written'])
    near.transport.destroy()
  })

  it('continues if each write starts inside the callback of the previous one', { timeout: 5_000 }, async () => {
    const { near, peer } = await loopback.connect()
    const batches = Array.from({ length: 50 }, (_, i) => [Buffer.from(`${i}:`), Buffer.alloc(20_000 + i, 'y')])
    const whole = Buffer.concat(batches.flat())
    writeOneAfterAnother(near, batches)
    expect((await readAll(peer, whole.length)).equals(whole)).toBe(true)
    near.transport.destroy()
  })

  it('joins chunks in memory that no other write changes before they are sent', async () => {
    const [first, second] = [await loopback.connect(), await loopback.connect()]
    const chunksOf = (fill: string): Buffer[] => Array.from({ length: 40 }, () => Buffer.alloc(30_000, fill))
    const { length } = Buffer.concat(chunksOf('a'))
    first.near.transport.write([tooMuch])
    expect(first.near.transport.write(chunksOf('a'))).toBe('pending')
    second.near.transport.write(chunksOf('b'))
    const [a, b] = await Promise.all([readAll(first.peer, tooMuch.length + length), readAll(second.peer, length)])
    expect(a.subarray(tooMuch.length).equals(Buffer.concat(chunksOf('a')))).toBe(true)
    expect(b.equals(Buffer.concat(chunksOf('b')))).toBe(true)
    for (const { near } of [first, second]) near.transport.destroy()
  })

  it('keeps a copy of chunks that are borrowed, if they are not sent at once', async () => {
    const { near, peer } = await loopback.connect()
    const lent = Buffer.alloc(200_000, 'a')
    near.transport.write([tooMuch])
    near.transport.write([lent], true)
    lent.fill('z')
    const received = await readAll(peer, tooMuch.length + lent.length)
    expect(received.subarray(tooMuch.length).equals(Buffer.alloc(lent.length, 'a'))).toBe(true)
    near.transport.destroy()
  })

  it('reports nothing as proven, because it does not know what the system took of its records', async () => {
    const { near, peer } = await loopback.connect()
    expect(near.transport.write([tooMuch])).toBe('pending')
    await someTurns()
    peer.destroy()
    expect(await near.ended).toMatchObject({ pendingWriteIncomplete: false })
    expect(near.transport.write(small('late'))).toBe('refused')
    expect(near.transport.destroy()).toBe(false)
    expect(near.calls).toEqual(['securing', 'open', 'end'])
  })

  it('whose peer closes gracefully ends without an error', async () => {
    const { near, peer } = await loopback.connect()
    peer.write('bye')
    peer.end()
    expect((await near.ended).error).toBeUndefined()
    expect(near.text).toBe('bye')
  })

  it('with options that tls.connect refuses ends with that error, in a later turn, and throws nothing', async () => {
    const never = new Near({ ...loopback.endpoint, tls: { cert: 'no certificate', key: 'no key' } })
    expect(never.calls).toEqual([])
    expect(never.transport.write(small('one'))).toBe('refused')
    expect(await never.ended).toMatchObject({ error: { code: 'ERR_TLS_OPTIONS' }, pendingWriteIncomplete: false })
    expect(never.calls).toEqual(['end'])
    const destroyed = new Near({ ...loopback.endpoint, tls: { minVersion: 'TLSv9' as never } })
    expect(destroyed.transport.destroy()).toBe(false)
    await someTurns()
    expect(destroyed.calls).toEqual([])
  })

  it('never opens with an untrusted certificate, or one for another name', async () => {
    const stranger = new Near({ ...loopback.endpoint, tls: { servername: 'localhost' } })
    expect(await stranger.ended).toMatchObject({ error: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })
    const misnamed = new Near({ ...loopback.endpoint, tls: { ca: certificate.cert, servername: 'elsewhere' } })
    expect(await misnamed.ended).toMatchObject({ error: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } })
    expect([stranger.calls, misnamed.calls]).toEqual([
      ['securing', 'end'],
      ['securing', 'end'],
    ])
  })
})

/** The number of bytes until the end. */
async function lengthOf(peer: Socket): Promise<number> {
  let length = 0
  await new Promise<void>((resolve) => {
    peer.on('data', (chunk: Buffer) => {
      length += chunk.length
    })
    peer.once('close', resolve)
    peer.once('end', resolve)
    peer.resume()
  })
  return length
}
