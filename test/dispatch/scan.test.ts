import { describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'

const page = (cursor: string, key: string): string => `*2\r\n$1\r\n${cursor}\r\n*1\r\n$1\r\n${key}\r\n`

async function scanning() {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client({}, undefined, { dial: network.dial, clock })
  const connected = client.connect()
  await network.peer.welcomes()
  await connected
  return { network, clock, scan: client.scanIterator() }
}

/** Takes the next step, whose SCAN is answered so. */
async function next(scan: AsyncGenerator<string>, answer: () => Promise<void>): Promise<unknown> {
  const step = scan.next()
  await settle()
  await answer()
  const { value, done } = await step
  return done === true ? 'done' : value
}

describe('a scan', () => {
  it.each<
    readonly [string, (client: Record<string, (...args: unknown[]) => AsyncGenerator>) => AsyncGenerator | undefined]
  >([
    ['scanIterator: unknown option MATCH', (c) => c.scanIterator?.({ MATCH: 'a' })],
    ['hscanIterator: invalid options', (c) => c.hscanIterator?.('k', 'a*')],
    // These have no properties of their own: everything would be returned.
    ['scanIterator: invalid options', (c) => c.scanIterator?.(new Map([['match', 'a*']]))],
    ['scanIterator: invalid options', (c) => c.scanIterator?.(Object.create({ match: 'a*' }))],
    ['sscanIterator: invalid options', (c) => c.sscanIterator?.('k', [])],
    ['zscanIterator: invalid options', (c) => c.zscanIterator?.('k', null)],
    ['hscanIterator: argument 1 (undefined) must be', (c) => c.hscanIterator?.()],
    ['zscanIterator: argument 1 (null) must be', (c) => c.zscanIterator?.(null)],
  ])('names the method that was called: %s', async (message, call) => {
    const client = new Client()
    await expect(call(client as never)?.next()).rejects.toThrow(message)
    client.destroy()
  })

  it('is refused between MULTI and EXEC by hand, where it gets no cursor', async () => {
    const network = new FakeNetwork()
    const client = new Client({}, undefined, { dial: network.dial, clock: new FakeClock() })
    const done = client.session(async (session) => {
      const begun = session.call('MULTI')
      const step = session.hscanIterator('h').next()
      const refused = {
        name: 'UsageError',
        fate: 'not-executed',
        message: expect.stringMatching(/^hscanIterator: .*by hand/),
      }
      await Promise.all([begun, expect(step).rejects.toMatchObject(refused)])
    })
    await network.peer.welcomes()
    await settle()
    await network.peer.answers('+OK\r\n')
    await network.peer.answers('+OK\r\n')
    await done.catch((error) => expect(error).toBeUndefined())
    expect(network.peer.requests).toEqual(['MULTI', 'DISCARD'])
    client.destroy()
  })

  it('continues with the cursor of the last reply on the same connection, and ends at 0', async () => {
    const { network, scan } = await scanning()
    expect(await next(scan, () => network.peer.answers(page('7', 'a')))).toBe('a')
    expect(await next(scan, () => network.peer.answers(page('0', 'b')))).toBe('b')
    expect(await scan.next()).toEqual({ done: true, value: undefined })
    expect(network.peer.requests).toEqual(['SCAN 0', 'SCAN 7'])
  })

  it('begins again when another connection answers, even if that one says that it is at the end', async () => {
    const { network, clock, scan } = await scanning()
    expect(await next(scan, () => network.peer.answers(page('7', 'a')))).toBe('a')
    await network.peer.ends()
    clock.advance(100)
    await settle()
    await network.peer.welcomes()
    // This cursor is another process's, so its reply proves nothing.
    expect(await next(scan, () => network.peer.answers(page('0', 'b')))).toBe('b')
    expect(await next(scan, () => network.peer.answers(page('3', 'a')))).toBe('a')
    expect(await next(scan, () => network.peer.answers(page('0', 'c')))).toBe('c')
    expect(await scan.next()).toEqual({ done: true, value: undefined })
    expect(network.peer.requests).toEqual(['SCAN 7', 'SCAN 0', 'SCAN 3'])
  })

  it('begins again when its connection ends with the bytes that bring the reply', async () => {
    const { network, clock, scan } = await scanning()
    const lostAtOnce = `${page('7', 'a')}?`
    expect(await next(scan, () => network.peer.answers(lostAtOnce))).toBe('a')
    clock.advance(100)
    await settle()
    await network.peer.welcomes()
    expect(await next(scan, () => network.peer.answers(page('0', 'b')))).toBe('b')
    expect(await next(scan, () => network.peer.answers(page('0', 'c')))).toBe('c')
    expect(await scan.next()).toEqual({ done: true, value: undefined })
    expect(network.peer.requests).toEqual(['SCAN 7', 'SCAN 0'])
  })
})
