import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { keepsUp, openLoop } from '../../../bench/load/open-loop.js'

describe('a fixed rate', () => {
  it('sends so many commands, and counts those that fail apart', async () => {
    let sent = 0
    const send = async (): Promise<void> => {
      sent += 1
      if (sent % 10 === 0) throw new Error('refused')
    }
    const { failed, asked } = await openLoop(send, 2_000, 100)
    expect([sent, failed, asked]).toEqual([200, 20, 2_000])
  })

  it('leaves no command out while the loop is blocked, and counts what each of them waited', async () => {
    // Real time would not do: other processes of the machine may block the loop too.
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 0.01
      return now
    })
    let sent = 0
    const send = async (): Promise<void> => {
      sent += 1
      if (sent === 1) now += 100
    }
    const { p50, p99 } = await openLoop(send, 1_000, 200)
    vi.restoreAllMocks()
    expect(sent).toBe(200)
    // 100 of 200 were due while it was blocked, and waited up to 100 ms.
    expect(p99).toBeGreaterThan(90)
    expect(p50).toBeLessThan(90)
  })

  it('sleeps until shortly before the next command is due, so that other threads have the core', async () => {
    const immediates = vi.spyOn(globalThis, 'setImmediate')
    const timers = vi.spyOn(globalThis, 'setTimeout')
    let sent = 0
    const send = async (): Promise<void> => {
      sent += 1
    }
    await openLoop(send, 50, 200)
    // Every 20 ms: 18 ms asleep, less than 2 ms awake.
    const asleep = timers.mock.calls.map(([, ms]) => ms).filter((ms = 0) => ms > 15)
    timers.mockClear()
    await openLoop(send, 2_000, 50)
    const atHighRate = timers.mock.calls.length
    const calls = immediates.mock.calls.length
    vi.restoreAllMocks()
    expect(sent).toBe(10 + 100)
    expect(asleep.length).toBeGreaterThanOrEqual(5)
    // A timer would be late here.
    expect(atHighRate).toBe(0)
    expect(calls).toBeGreaterThan(0)
  })

  it('ends where replies come more slowly than asked', async () => {
    let waiting: Promise<unknown> = Promise.resolve()
    const send = (): Promise<unknown> => {
      waiting = waiting.then(() => sleep(2))
      return waiting
    }
    const at = await openLoop(send, 2_000, 50)
    expect(at.answered).toBeLessThan(1_000)
    expect(keepsUp(at)).toBe(false)
  })
})

describe('a client keeps up', () => {
  const at = { asked: 1_000, answered: 990, p50: 1, p99: 5, p999: 9, failed: 0 }

  it('if it answers what it is asked, without a backlog', () => {
    expect(keepsUp(at)).toBe(true)
    expect(keepsUp({ ...at, answered: 900 })).toBe(false)
    expect(keepsUp({ ...at, p99: 200 })).toBe(false)
  })
})
