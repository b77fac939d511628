import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { freePort } from '../../scripts/free-port.js'

describe('a free port for a program that must be told its port', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is never one that the system gives to listeners and outgoing connections that ask for any', async () => {
    for (const random of [0, 0.5, 1 - Number.EPSILON]) {
      vi.spyOn(Math, 'random').mockReturnValueOnce(random)
      const port = await freePort()
      expect(port).toBeGreaterThanOrEqual(1_024)
      expect(port).toBeLessThan(32_768)
    }
  })

  it('is another one where somebody listens', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValueOnce(0.25)
    const listener = createServer().listen(await freePort(), '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as AddressInfo
    // Until it is forgotten that this port was given.
    for (let count = 0; count < 300; count += 1) await freePort()
    random.mockReturnValueOnce(0.25).mockReturnValueOnce(0.75)
    const other = await freePort()
    expect(other).not.toBe(port)
    expect(other).toBeLessThan(32_768)
    listener.close()
  })

  it('is given once, although its program does not listen yet', async () => {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.4).mockReturnValueOnce(0.4)
    const [one, other] = await Promise.all([freePort(), freePort()])
    expect(one).not.toBe(other)
  })

  it('is never one that a process started just before or after gives', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort))
    expect(new Set(ports.map((port) => port % 16)).size).toBe(1)
  })
})
