import { describe, expect, it } from 'vitest'
import { Closing } from '../../../src/connection/shared/closing.js'
import { FakeClock } from '../../support/fake-clock.js'

function start(others?: Promise<void>): { closing: Closing; clock: FakeClock; events: string[] } {
  const clock = new FakeClock()
  const closing = new Closing(clock)
  const events: string[] = []
  closing.begin(
    100,
    () => events.push('over'),
    others,
    () => events.push('released'),
  )
  return { closing, clock, events }
}

describe('close()', () => {
  it('is held until what must end first has ended', async () => {
    let release: () => void = () => {}
    const others = new Promise<void>((resolve) => {
      release = resolve
    })
    const { closing, events } = start(others)
    expect(closing.isHeld).toBe(true)
    release()
    await others
    expect(closing.isHeld).toBe(false)
    expect(events).toEqual(['released'])
  })

  it('is not held where nothing must end first', () => {
    expect(start().closing.isHeld).toBe(false)
  })

  it('is over after its time, unless it has finished', async () => {
    const late = start()
    await late.clock.advance(100)
    expect(late.events).toEqual(['over'])
    const early = start()
    const closed = early.closing.wait()
    early.closing.finish()
    await closed
    await early.clock.advance(100)
    expect(early.events).toEqual([])
  })
})
