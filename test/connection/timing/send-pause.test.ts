import { describe, expect, it } from 'vitest'
import { SendPause } from '../../../src/connection/timing/send-pause.js'
import { FakeClock } from '../../support/fake-clock.js'

function start() {
  const clock = new FakeClock()
  clock.chance = 0.999
  let ended = 0
  const pause = new SendPause(clock, () => {
    ended += 1
  })
  /** Milliseconds until a pause after so many refusals is over. */
  const lengthAfter = async (refusals: number): Promise<number> => {
    pause.pause(refusals)
    const begin = clock.now()
    while (pause.isActive) await clock.advance(1)
    return clock.now() - begin
  }
  return { clock, pause, lengthAfter, ended: () => ended }
}

describe('a pause of sending', () => {
  it('ends by itself, and says so once', async () => {
    const { clock, pause, lengthAfter, ended } = start()
    await lengthAfter(1)
    expect([pause.isActive, ended(), clock.pending]).toEqual([false, 1, 0])
  })

  it('is the longer, the more often the server has refused', async () => {
    const { lengthAfter } = start()
    const first = await lengthAfter(1)
    expect(await lengthAfter(4)).toBeGreaterThan(first)
  })

  it('is not prolonged by refusals of requests that were sent before it began', async () => {
    const { clock, pause, ended } = start()
    pause.pause(1)
    pause.pause(9)
    expect(clock.pending).toBe(1)
    await clock.advance(200)
    expect([pause.isActive, ended()]).toEqual([false, 1])
  })

  it('can be ended early, and then says nothing', async () => {
    const { clock, pause, ended } = start()
    pause.pause(1)
    pause.endPause()
    expect([pause.isActive, clock.pending]).toEqual([false, 0])
    await clock.advance(10_000)
    expect(ended()).toBe(0)
  })

  it('of a connection that is to be replaced has no end', async () => {
    const { clock, pause } = start()
    pause.isRetiring = true
    pause.pause(1)
    pause.endPause()
    await clock.advance(10_000)
    expect(pause.isActive).toBe(true)
  })
})
