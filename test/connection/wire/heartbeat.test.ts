import { describe, expect, it } from 'vitest'
import { Heartbeat } from '../../../src/connection/wire/heartbeat.js'
import { FakeClock } from '../../support/fake-clock.js'

interface Link {
  readonly clock: FakeClock
  readonly heartbeat: Heartbeat
  readonly stalls: number[]
  waitingSince: number | undefined
  pings: number
}

function start(stallTimeout: number, pingInterval: number): Link {
  const clock = new FakeClock()
  const stalls: number[] = []
  const subject = {
    waitingSince: () => link.waitingSince,
    lastReadAt: () => 0,
    longestPatience: () => 0,
    ping: () => {
      link.pings += 1
    },
    onStalled: (silence: number) => stalls.push(silence),
  }
  const heartbeat = new Heartbeat(clock, subject, stallTimeout, pingInterval)
  const link: Link = { clock, heartbeat, stalls, waitingSince: undefined, pings: 0 }
  heartbeat.start()
  return link
}

describe('a connection with replies pending', () => {
  it('is lost when no data comes for as long as allowed', async () => {
    const link = start(100, 0)
    link.waitingSince = 0
    await link.clock.advance(99)
    expect(link.stalls).toEqual([])
    await link.clock.advance(3)
    expect(link.stalls).toHaveLength(1)
  })

  it('is looked at twice: a process that was held up runs its timers before it reads what came meanwhile', async () => {
    const link = start(100, 0)
    link.waitingSince = 0
    await link.clock.advance(100)
    // The data that had come is read right after the timer.
    expect(link.stalls).toEqual([])
    link.waitingSince = undefined
    await link.clock.advance(50)
    expect(link.stalls).toEqual([])
    link.heartbeat.stop()
    expect(link.clock.pending).toBe(0)
  })
})

describe('a connection without replies pending', () => {
  it('is asked for a sign of life after each interval of silence', async () => {
    const link = start(0, 100)
    await link.clock.advance(250)
    expect(link.pings).toBe(2)
    link.heartbeat.stop()
  })
})
