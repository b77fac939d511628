import { once } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import type { SocketTransport } from '../../src/connection/transport/socket-transport.js'
import type { TransportHandler } from '../../src/connection/transport/transport.js'
import { systemEnvironment } from '../../src/core/environment.js'
import { Loopback } from '../support/loopback.js'

const nothing = (): void => {}
const handler: TransportHandler = {
  onSecuring: nothing,
  onOpen: nothing,
  onData: nothing,
  wanted: () => undefined,
  onFilled: nothing,
  onWritten: nothing,
  onEnd: nothing,
}

/** What keeps this process alive, by the name of its kind. */
const holding = (kind: 'Timeout' | 'TCPSocketWrap'): number =>
  process.getActiveResourcesInfo().filter((name) => name === kind).length

describe('the environment of a client', () => {
  it('changes whether timers keep the process alive: those that run, and later ones', () => {
    const { clock, keepAlive } = systemEnvironment()
    const before = holding('Timeout')
    const timers = [clock.after(60_000, nothing), clock.after(60_000, nothing)]
    expect(holding('Timeout')).toBe(before + 2)
    keepAlive?.('unref')
    timers.push(clock.after(60_000, nothing))
    expect(holding('Timeout')).toBe(before)
    keepAlive?.('ref')
    expect(holding('Timeout')).toBe(before + 3)
    for (const timer of timers) clock.cancel(timer)
    expect(holding('Timeout')).toBe(before)
  })

  it('lets the process end in spite of a timer that is not urgent, also after ref', () => {
    const { clock, keepAlive } = systemEnvironment()
    const before = holding('Timeout')
    const timer = clock.after(60_000, nothing, false)
    keepAlive?.('ref')
    expect(holding('Timeout')).toBe(before)
    clock.cancel(timer)
  })

  it('keeps no timer that has fired or was canceled', async () => {
    const { clock, keepAlive } = systemEnvironment()
    const fired = await new Promise<NodeJS.Timeout>((resolve) => {
      const timer = clock.after(1, () => resolve(timer as NodeJS.Timeout))
    })
    const canceled = clock.after(60_000, nothing) as NodeJS.Timeout
    clock.cancel(canceled)
    const changes = [vi.spyOn(fired, 'unref'), vi.spyOn(canceled, 'unref')]
    keepAlive?.('unref')
    for (const change of changes) expect(change).not.toHaveBeenCalled()
  })

  it('changes whether sockets keep the process alive, also later ones, and keeps none that is closed', async () => {
    const loopback = await Loopback.start('TCP')
    const { dial, keepAlive } = systemEnvironment()
    const opened = (): Promise<SocketTransport> =>
      new Promise((resolve) => {
        const transport = dial(loopback.endpoint, { ...handler, onOpen: () => resolve(transport as SocketTransport) })
      })
    const first = await opened()
    const change = vi.spyOn(first.socket, 'unref')
    const before = holding('TCPSocketWrap')
    keepAlive?.('unref')
    expect(holding('TCPSocketWrap')).toBe(before - 1)
    expect(change).toHaveBeenCalledTimes(1)
    const closed = once(first.socket, 'close')
    first.destroy()
    await closed
    keepAlive?.('unref')
    expect(change).toHaveBeenCalledTimes(1)

    const later = await opened()
    const all = holding('TCPSocketWrap')
    keepAlive?.('ref')
    expect(holding('TCPSocketWrap')).toBe(all + 1)
    later.destroy()
    await loopback.stop()
  })
})
